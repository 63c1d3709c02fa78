import type { ModelDescriptor, PredictionLoggedMessage } from '@steward/contracts';
import { BinCounts, type BinCountsSnapshot, type ReferenceProfile } from '@steward/statistics';

/** One row of a window, as performance and fairness need it. */
export interface WindowRow {
  readonly predictionId: string;
  readonly row: number;
  readonly score: number;
  readonly label: string;
  /** Label by sensitive attribute; null where the caller did not send it. */
  readonly groups: Readonly<Record<string, string | null>>;
  readonly outcome: string | null;
  /** Whose row it is, where the caller said so: for its subject's rights alone. */
  readonly subject?: string | null;
}

/** An open window as it is stored. */
export interface OpenWindow {
  readonly id: string;
  readonly project: string;
  readonly monitor: string;
  readonly descriptor: ModelDescriptor;
  readonly previousReference: string | null;
  readonly rows: number;
  readonly outcomes: number;
  readonly counts: BinCountsSnapshot;
  readonly previousCounts: BinCountsSnapshot | null;
  readonly openedAt: string;
  readonly correlation: string;
}

/** A row's name: `<prediction id>/<row>`. `index` counts within the event. */
export const rowId = ({ predictionId, firstRow }: PredictionLoggedMessage, index: number): string =>
  `${predictionId}/${firstRow + index}`;

/** The rows of one prediction event, column by column, ready to be counted. */
export class PredictedRows {
  private readonly columns = new Map<string, readonly (number | string | null)[]>();

  constructor(readonly message: PredictionLoggedMessage) {
    for (const column of [...message.inputs, ...message.sensitive]) {
      const missing = new Set(column.missing);
      const texts = column.texts.map((text, index) => (missing.has(index) ? null : text));
      this.columns.set(column.name, column.numbers.length > 0 ? column.numbers : texts);
    }
    this.columns.set('score', message.scores);
  }

  value(column: string, index: number): number | string | null {
    return this.columns.get(column)?.[index] ?? null;
  }

  row(index: number, groups: readonly string[]): Omit<WindowRow, 'outcome'> {
    return {
      predictionId: this.message.predictionId,
      row: this.message.firstRow + index,
      score: this.message.scores[index]!,
      label: this.message.labels[index]!,
      groups: Object.fromEntries(groups.map((name) => [name, asText(this.value(name, index))])),
      subject: this.message.subjects[index] || null,
    };
  }
}

const asText = (value: number | string | null): string | null =>
  value === null || Number.isNaN(value) ? null : String(value);

/** A window while rows are added: exact counts against the current reference and the one of the champion before. */
export class FillingWindow {
  readonly added: WindowRow[] = [];
  private readonly counts: BinCounts;
  private readonly previousCounts: BinCounts | null;

  constructor(
    readonly stored: OpenWindow,
    private readonly size: number,
    reference: ReferenceProfile,
    previous: ReferenceProfile | null,
  ) {
    this.counts = BinCounts.parse(reference, stored.counts);
    this.previousCounts = previous
      ? BinCounts.parse(previous, stored.previousCounts ?? new BinCounts(previous).toJSON())
      : null;
  }

  get rows(): number {
    return this.stored.rows + this.added.length;
  }

  get full(): boolean {
    return this.rows >= this.size;
  }

  add(rows: PredictedRows, index: number, outcome: string | null): void {
    for (const counts of [this.counts, this.previousCounts]) {
      for (const column of counts?.reference.columns ?? [])
        counts!.add(column.name, rows.value(column.name, index));
    }
    this.added.push({ ...rows.row(index, this.stored.descriptor.groups), outcome });
  }

  /** What is stored after this batch. */
  toStored(): OpenWindow {
    return {
      ...this.stored,
      rows: this.rows,
      outcomes: this.stored.outcomes + this.added.filter(({ outcome }) => outcome !== null).length,
      counts: this.counts.toJSON(),
      previousCounts: this.previousCounts?.toJSON() ?? null,
    };
  }

  get current(): BinCounts {
    return this.counts;
  }

  get againstPrevious(): BinCounts | null {
    return this.previousCounts;
  }
}
