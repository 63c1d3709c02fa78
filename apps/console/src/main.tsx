import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './main.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { shareNonce } from './nonce';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id root.');
shareNonce();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
