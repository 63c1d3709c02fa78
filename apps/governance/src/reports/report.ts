import type { LineChart } from '@steward/documents';

/** What kinds of report there are, and what each may be about. */
export const ReportKinds = {
  'model-card': { title: 'Model card', needs: 'model' },
  'technical-documentation': {
    title: 'Technical documentation (EU AI Act, Article 11 and Annex IV)',
    needs: 'model',
  },
  monitoring: { title: 'Drift, performance and fairness over time', needs: 'model' },
  dataset: { title: 'Data sheet', needs: 'dataset' },
  'change-history': { title: 'Changes and approvals', needs: 'project' },
  'data-protection': { title: 'Data protection record', needs: 'project' },
  'access-review': { title: 'Access review', needs: 'installation' },
} as const;
export type ReportKind = keyof typeof ReportKinds;

/** What a figure rests on: an event, an artifact or an entry of the audit log, by its digest. */
export interface Source {
  readonly kind: 'event' | 'artifact' | 'audit-entry';
  readonly id: string;
  /** SHA-256. */
  readonly digest: string;
}

export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly source: Source | null;
}

export type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'facts'; readonly facts: readonly Fact[] }
  | {
      readonly type: 'table';
      readonly caption: string;
      readonly columns: readonly string[];
      readonly rows: readonly { readonly cells: readonly string[]; readonly source: Source | null }[];
    }
  | { readonly type: 'chart'; readonly chart: LineChart; readonly sources: readonly Source[] };

/** Something that the report ought to say and nobody has told Steward. */
export interface Missing {
  readonly what: string;
  /** Who owes it, and how it gets here. */
  readonly owedBy: string;
}

export interface Section {
  readonly id: string;
  readonly title: string;
  /** The provision that asks for it. */
  readonly basis: string | null;
  readonly blocks: readonly Block[];
  readonly missing: readonly Missing[];
}

export interface ReportScope {
  readonly project: string | null;
  readonly model: string | null;
  readonly dataset: string | null;
}

/** A report's whole content; its files are renderings of it. */
export interface Report {
  readonly id: string;
  readonly kind: ReportKind;
  readonly title: string;
  readonly scope: ReportScope;
  /** ISO 8601; `from` inclusive, `to` exclusive. */
  readonly period: { readonly from: string; readonly to: string };
  readonly issuedAt: string;
  readonly issuedBy: string;
  readonly sections: readonly Section[];
}

/** All that is missing, with its section. */
export const missingOf = (report: Report): readonly (Missing & { readonly section: string })[] =>
  report.sections.flatMap(({ title, missing }) => missing.map((one) => ({ section: title, ...one })));
