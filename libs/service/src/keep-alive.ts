/** Behind the gateway connections are kept longer than the gateway keeps them, so that none is cut in its face. */
export const KEEP_ALIVE_MS = 65_000;
