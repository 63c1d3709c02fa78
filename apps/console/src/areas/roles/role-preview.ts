import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { Problem } from '../../api/problem';
import { request } from '../../api/request';
import type { MatrixAnswer, RuleAnswer } from './role-answers';

const TYPING_MS = 350;

/** What a role with these rules would let its holders do; null: the rules are not whole yet. Governance decides, and stores nothing. */
export function useRolePreview(
  rules: readonly RuleAnswer[] | null,
  project: string | null,
): UseQueryResult<MatrixAnswer> {
  const text = JSON.stringify({ role: 'preview', rules, project });
  const [asked] = useDebouncedValue(text, TYPING_MS);
  return useQuery<MatrixAnswer>({
    queryKey: ['/governance/v1/decisions/preview', asked],
    queryFn: () =>
      request('POST', '/governance/v1/decisions/preview', { body: asked, type: 'application/json' }),
    enabled: rules !== null && asked === text,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** The sentences of a refusal, by the rule that they speak of (from 0); what speaks of none is under `null`. */
export function faultsByRule(error: unknown): ReadonlyMap<number | null, readonly string[]> {
  const told = error instanceof Problem ? error.details['faults'] : null;
  const found = new Map<number | null, string[]>();
  for (const fault of Array.isArray(told) ? told.filter((each) => typeof each === 'string') : []) {
    const [, number, sentence] = /^Rule (\d+): (.+)$/s.exec(fault) ?? [];
    const at = number === undefined ? null : Number(number) - 1;
    const text = sentence ?? fault;
    found.set(at, [...(found.get(at) ?? []), `${text[0]!.toUpperCase()}${text.slice(1)}`]);
  }
  return found;
}

/** One kind of object in the preview: what may be done to every one of it, and what only to some. */
export interface PreviewRow {
  readonly subject: string;
  readonly always: readonly string[];
  readonly sometimes: readonly string[];
}

/** The kinds of objects to which the role may do anything. */
export function previewRows({ subjects, roles }: MatrixAnswer): PreviewRow[] {
  const cells = roles[0]?.cells ?? [];
  return subjects
    .map((subject) => {
      const of = (allowed: string): string[] =>
        cells
          .filter((cell) => cell.subject === subject && cell.allowed === allowed)
          .map(({ action }) => action);
      return { subject, always: of('yes'), sometimes: of('conditional') };
    })
    .filter(({ always, sometimes }) => always.length + sometimes.length > 0);
}
