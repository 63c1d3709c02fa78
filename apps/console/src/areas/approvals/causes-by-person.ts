interface Excluded {
  readonly person: string;
  readonly because: string;
}

/** Who may not approve, each person once with all the reasons. */
export function causesByPerson(excluded: readonly Excluded[]): { person: string; causes: string[] }[] {
  const byPerson = new Map<string, string[]>();
  for (const { person, because } of excluded)
    byPerson.set(person, [...(byPerson.get(person) ?? []), because]);
  return [...byPerson].map(([person, causes]) => ({ person, causes }));
}
