/** A report as its JSON file has it; only what the console reads of it. */
export interface ReportContent {
  readonly sections: readonly {
    readonly id: string;
    readonly title: string;
    readonly basis: string | null;
    readonly blocks: readonly ReportBlock[];
    readonly missing: readonly { readonly what: string; readonly owedBy: string }[];
  }[];
}

export type ReportBlock =
  | { readonly type: 'text' | 'facts' | 'chart' }
  | {
      readonly type: 'table';
      readonly caption: string;
      readonly columns: readonly string[];
      readonly rows: readonly { readonly cells: readonly string[] }[];
    };
export type ReportTable = Extract<ReportBlock, { readonly type: 'table' }>;

/** Something that the report ought to say, and who owes it. */
export interface MissingPart {
  readonly section: string;
  readonly basis: string | null;
  readonly what: string;
  readonly owedBy: string;
}

/** All that is missing, with its section. */
export const missingParts = ({ sections }: ReportContent): MissingPart[] =>
  sections.flatMap(({ title, basis, missing }) =>
    missing.map(({ what, owedBy }) => ({ section: title, basis, what, owedBy })),
  );

const tablesOf = (content: ReportContent, section: string): ReportTable[] =>
  content.sections
    .filter(({ id }) => id === section)
    .flatMap(({ blocks }) => blocks.filter((block): block is ReportTable => block.type === 'table'));

/** Of an access review: all roles, and those whose holders did nothing with them. */
export function accessReviewOf(content: ReportContent): {
  held: ReportTable | null;
  unused: ReportTable | null;
} {
  const [held = null, unused = null] = tablesOf(content, 'access');
  return { held, unused };
}
