/** What a report of a kind is about. */
export type ReportNeed = 'model' | 'dataset' | 'project' | 'installation';

/** Kinds of report, as governance has them, with what each must be told. */
export const REPORT_KINDS: readonly {
  readonly kind: string;
  readonly title: string;
  readonly needs: ReportNeed;
  /** Shows accounts: only for who may read them. */
  readonly aboutPeople?: boolean;
}[] = [
  { kind: 'model-card', title: 'Model card', needs: 'model' },
  {
    kind: 'technical-documentation',
    title: 'Technical documentation (EU AI Act, Annex IV)',
    needs: 'model',
  },
  { kind: 'monitoring', title: 'Drift, performance and fairness over time', needs: 'model' },
  { kind: 'dataset', title: 'Data sheet', needs: 'dataset' },
  { kind: 'change-history', title: 'Changes and approvals', needs: 'project' },
  { kind: 'data-protection', title: 'Data protection record', needs: 'project', aboutPeople: true },
  { kind: 'access-review', title: 'Access review', needs: 'installation', aboutPeople: true },
];

/** The forms of a report, in the order in which people ask for them. */
export const REPORT_FORMATS = ['html', 'pdf', 'json', 'csv'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export const REPORTS = '/governance/v1/reports';

/** Path of a report, or of something that belongs to it. */
export const reportPath = (id: string, ...rest: readonly string[]): string =>
  [REPORTS, ...[id, ...rest].map((part) => encodeURIComponent(part))].join('/');
