import { useLocation } from 'wouter';

/** The project in the address; null on pages that belong to none. */
export function useProject(): string | null {
  const [path] = useLocation();
  const name = /^\/projects\/([^/]+)/.exec(path)?.[1];
  return name === undefined ? null : decodeURIComponent(name);
}
