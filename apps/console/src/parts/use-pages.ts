import { useState } from 'react';
import { useSearchParams } from 'wouter';

export interface Pages {
  /** Where the page begins: the cursor of the API; undefined on the first page. */
  readonly after: string | undefined;
  readonly onNext: (cursor: string | number) => void;
  readonly onPrevious: (() => void) | null;
  readonly onFirst: (() => void) | null;
}

/** The page of a list, kept in the address so that it can be linked to. */
export function usePages(name = 'after'): Pages {
  const [search, setSearch] = useSearchParams();
  const [trail, setTrail] = useState<readonly (string | undefined)[]>([]);
  const after = search.get(name) ?? undefined;
  const go = (cursor: string | undefined): void =>
    setSearch((now) => {
      const next = new URLSearchParams(now);
      if (cursor === undefined) next.delete(name);
      else next.set(name, cursor);
      return next;
    });
  return {
    after,
    onNext: (cursor) => {
      setTrail([...trail, after]);
      go(String(cursor));
    },
    onPrevious:
      trail.length === 0
        ? null
        : () => {
            setTrail(trail.slice(0, -1));
            go(trail.at(-1));
          },
    onFirst:
      after === undefined
        ? null
        : () => {
            setTrail([]);
            go(undefined);
          },
  };
}
