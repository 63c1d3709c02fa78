/** Installs, builds, starts the platform on an empty data folder, asks every service for its health, and stops. */
import { join } from 'node:path';
import { build, entry, ROOT } from './bootstrap.mjs';

entry(async () => {
  await build();
  process.chdir(ROOT);
  const { Platform, startConfig } = await import(join(ROOT, 'tools', 'start', 'dist', 'index.js'));
  const started = Date.now();
  const platform = await Platform.start(startConfig({ ...process.env, STEWARD_PORT: '0' }), {
    onNote: (text) => process.stdout.write(`${text}\n`),
    onFirstAdministrator: () => undefined,
  });
  try {
    for (const service of ['ingestion', 'training', 'inference', 'monitoring', 'governance']) {
      const response = await fetch(`${platform.entryUrl}/${service}/health/live`);
      if (!response.ok) throw new Error(`${service} is not live: ${await response.text()}`);
    }
    process.stdout.write(
      `Started in ${((Date.now() - started) / 1000).toFixed(1)} s; all five services are live.\n`,
    );
  } finally {
    await platform.stop();
  }
});
