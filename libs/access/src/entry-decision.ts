import { CAN, PUBLIC, SIGNED_IN, type CanRule } from './decorators';

/** What an entry's decorators say about who may call it. */
export type EntryDecision =
  | ({ readonly kind: 'can' } & CanRule)
  | { readonly kind: 'signed-in'; readonly reason: string }
  | { readonly kind: 'public'; readonly reason: string };

/**
 * Reads the decision from a handler, else from its class. Null: none, so the entry is closed to everybody. More than
 * one on the same handler counts as none, because it is not clear which was meant.
 */
export function entryDecision(handler: object, owner: object): EntryDecision | null {
  const own = decisionsOf(handler);
  const decisions = own.length > 0 ? own : decisionsOf(owner);
  return decisions.length === 1 ? decisions[0]! : null;
}

function decisionsOf(target: object): EntryDecision[] {
  const rule = Reflect.getMetadata(CAN, target) as CanRule | undefined;
  const signedIn = Reflect.getMetadata(SIGNED_IN, target) as string | undefined;
  const open = Reflect.getMetadata(PUBLIC, target) as string | undefined;
  const found: EntryDecision[] = [];
  if (rule) found.push({ kind: 'can', ...rule });
  if (signedIn !== undefined) found.push({ kind: 'signed-in', reason: signedIn });
  if (open !== undefined) found.push({ kind: 'public', reason: open });
  return found;
}
