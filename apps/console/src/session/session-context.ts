import { createContext, useContext } from 'react';
import type { SessionAnswer } from './session';

export interface Session extends SessionAnswer {
  readonly logOut: () => Promise<void>;
}

export const SessionContext = createContext<Session | null>(null);

/** Who is logged in; null where nobody is, as on the login page. */
export const useSessionIfAny = (): Session | null => useContext(SessionContext);
