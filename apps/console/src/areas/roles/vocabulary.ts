import type { UseQueryResult } from '@tanstack/react-query';
import { useGet } from '../../api/use-get';
import { words } from '../../parts/format';

/** What rules may name, as governance says. */
export interface Vocabulary {
  readonly actions: readonly string[];
  readonly subjects: readonly string[];
  readonly conditionFields: Readonly<Record<string, readonly string[]>>;
  /** Stands for whoever asks. */
  readonly self: string;
}

export const useVocabulary = (): UseQueryResult<Vocabulary> =>
  useGet<Vocabulary>('/governance/v1/roles/vocabulary');

const WORDS: Readonly<Record<string, string>> = {
  tags: 'tag',
  alias: 'alias name',
  createdBy: 'made by',
  dataClass: 'personal-data class',
};

/** A field of a condition for people. */
export const fieldWords = (field: string): string => WORDS[field] ?? words(field);
