import { useState } from 'react';
import { draftsOf, rulesOf, type DraftRule } from './draft-rules';
import type { RuleAnswer } from './role-answers';
import { readRules, rulesText, type TextForm } from './rules-text';

export interface Draft {
  readonly drafts: readonly DraftRule[];
  readonly rules: readonly RuleAnswer[];
  readonly text: string;
  readonly form: TextForm;
  /** Why the text is not what the rows say; null: it is. */
  readonly textFault: string | null;
  readonly setDrafts: (drafts: readonly DraftRule[]) => void;
  readonly setText: (text: string) => void;
  readonly setForm: (form: TextForm) => void;
}

/** Rules that are edited as rows and as text; the one follows the other. */
export function useDraft(from: readonly RuleAnswer[]): Draft {
  const [drafts, setRows] = useState<readonly DraftRule[]>(() => draftsOf(from));
  const [form, changeForm] = useState<TextForm>('yaml');
  const [text, changeText] = useState(() => rulesText(from, 'yaml'));
  const [textFault, setFault] = useState<string | null>(null);
  const rules = rulesOf(drafts);
  const write = (next: readonly RuleAnswer[], as: TextForm): void => {
    changeText(rulesText(next, as));
    setFault(null);
  };
  return {
    drafts,
    rules,
    text,
    form,
    textFault,
    setDrafts: (next) => {
      setRows(next);
      write(rulesOf(next), form);
    },
    setText: (next) => {
      changeText(next);
      const read = readRules(next);
      setFault('fault' in read ? read.fault : null);
      if ('rules' in read) setRows(draftsOf(read.rules));
    },
    setForm: (next) => {
      changeForm(next);
      write(rules, next);
    },
  };
}
