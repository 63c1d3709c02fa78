import type { SeenHead } from './verify-entry';

const PLACE = 'steward.audit-head';

/** The largest head that this browser has proved: what came before it must never change. */
export function seenHead(): SeenHead | null {
  try {
    const { size, root, key } = JSON.parse(localStorage.getItem(PLACE) ?? '') as Partial<SeenHead>;
    return typeof size === 'number' && typeof root === 'string' && typeof key === 'string'
      ? { size, root, key }
      : null;
  } catch {
    return null;
  }
}

export function rememberHead(head: SeenHead): void {
  try {
    if ((seenHead()?.size ?? 0) <= head.size) localStorage.setItem(PLACE, JSON.stringify(head));
  } catch {
    // A browser that keeps nothing begins anew each time.
  }
}
