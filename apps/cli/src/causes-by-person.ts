import type { ApprovalAnswer } from '@steward/client/answers';

/** Everybody who may not approve, once, with all the causes. */
export function causesByPerson({
  excluded,
}: Pick<ApprovalAnswer, 'excluded'>): (readonly [string, string[]])[] {
  const people = new Map<string, string[]>();
  for (const { person, because } of excluded) people.set(person, [...(people.get(person) ?? []), because]);
  return [...people];
}
