import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { ColleagueAnswer, Page } from '@steward/client/answers';
import { useState, type ReactNode } from 'react';
import { sentenceOf } from '../api/problem';
import { useGet } from '../api/use-get';

const TYPING_MS = 200;
const MOST = 50;

interface PersonSelectProps {
  /** Name of the field; it holds the id. */
  readonly name: string;
  readonly label: string;
  /** The list that is searched, by the service. */
  readonly path: string;
}

const textOf = ({ name, displayName }: ColleagueAnswer): string =>
  displayName === name ? name : `${displayName} (${name})`;

/** Chooses a person by name. The service searches: the browser never holds everybody. */
export function PersonSelect({ name, label, path }: PersonSelectProps): ReactNode {
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<ColleagueAnswer | null>(null);
  const [search] = useDebouncedValue(typed, TYPING_MS);
  // What stands in the field once somebody is chosen is no search.
  const wanted = chosen !== null && search === textOf(chosen) ? '' : search;
  const { data, error } = useGet<Page<ColleagueAnswer>>(path, { query: { search: wanted, limit: MOST } });
  const found = data?.items ?? [];
  const people = chosen && !found.some(({ id }) => id === chosen.id) ? [chosen, ...found] : found;
  return (
    <Select
      name={name}
      label={label}
      placeholder="Search by name"
      required
      searchable
      data-autofocus
      data={people.map((person) => ({ value: person.id, label: textOf(person) }))}
      value={chosen?.id ?? null}
      onChange={(id) => setChosen(people.find((person) => person.id === id) ?? null)}
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      nothingFoundMessage="Nobody has such a name here."
      error={error ? sentenceOf(error) : undefined}
    />
  );
}
