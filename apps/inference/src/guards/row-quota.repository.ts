/** Rows that somebody asked for in an hour (hours since the epoch). */
export interface HourRows {
  /** Whose: a caller, a project, a model, a caller at a model. */
  readonly scope: string;
  readonly hour: number;
  readonly rows: number;
}

/** The rows of the last day by whose they are. Abstract class = injection token. */
export abstract class RowQuotaRepository {
  /** Adds to what stands there, all or nothing; resolves with the totals. */
  abstract add(rows: readonly HourRows[]): Promise<HourRows[]>;

  /** Totals of this hour and later ones that changed within the last milliseconds; null: all. */
  abstract changed(fromHour: number, withinMs: number | null): Promise<HourRows[]>;

  /** Forgets earlier hours. */
  abstract prune(beforeHour: number): Promise<void>;
}
