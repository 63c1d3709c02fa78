import { useSearchParams } from 'wouter';

/** Filters of a list, kept in the address; changing one begins at the first page again. */
export function useFilters<Name extends string>(
  names: readonly Name[],
): readonly [Readonly<Record<Name, string>>, (changes: Partial<Record<Name, string>>) => void] {
  const [search, setSearch] = useSearchParams();
  const values = Object.fromEntries(names.map((name) => [name, search.get(name) ?? ''])) as Record<
    Name,
    string
  >;
  const change = (changes: Partial<Record<Name, string>>): void =>
    setSearch((now) => {
      const next = new URLSearchParams(now);
      next.delete('after');
      for (const [name, value] of Object.entries<string | undefined>(changes))
        if (value) next.set(name, value);
        else next.delete(name);
      return next;
    });
  return [values, change];
}
