import { useEffect, useState } from 'react';

/** A value as YAML, for people to edit; null until the writer is loaded (it comes on demand). */
export function useYaml(value: unknown): string | null {
  const [text, setText] = useState<string | null>(null);
  const json = JSON.stringify(value);
  useEffect(() => {
    let wanted = true;
    void import('yaml').then(({ stringify }) => {
      if (wanted) setText(stringify(JSON.parse(json)));
    });
    return () => {
      wanted = false;
    };
  }, [json]);
  return text;
}
