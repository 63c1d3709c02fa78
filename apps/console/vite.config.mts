import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The entry port that `vite` (with hot reload) passes the services' paths on to. */
const STEWARD = process.env.STEWARD_URL ?? 'http://127.0.0.1:8080';
const SERVICES = ['governance', 'ingestion', 'training', 'inference', 'monitoring'];

export default defineConfig({
  base: '/console/',
  plugins: [react()],
  resolve: { conditions: ['@steward/source', 'module', 'browser', 'development|production'] },
  // The gateway puts a fresh nonce here with every page: Mantine's style elements carry it.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    // Small images would become data: URLs, and polyfills inline scripts; the policy allows neither.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What knows light-dark(): else its polyfill would hide our colours.
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: Object.fromEntries(SERVICES.map((service) => [`/${service}`, STEWARD])),
  },
});
