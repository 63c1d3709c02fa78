import type { JudgedWindow, WindowVerdict } from './window.repository';

/** Any window, for readers. */
export type WindowView = Omit<
  JudgedWindow,
  'judgedAt' | 'verdict' | 'membersDigest' | 'counts' | 'previousCounts'
> & {
  readonly state: 'open' | 'judged';
  readonly judgedAt: string | null;
  readonly verdict: WindowVerdict | null;
  readonly membersDigest: string | null;
};

/** What a model version answered and how much of it is known. */
export interface ModelCounts {
  readonly model: string;
  readonly modelVersion: number;
  readonly predictions: number;
  readonly joined: number;
}

/** The windows as people and metrics read them; nothing here locks or changes. Abstract class = injection token. */
export abstract class WindowArchive {
  /** Throws `MONITORING.WINDOW_NOT_FOUND`. */
  abstract require(project: string, id: string): Promise<WindowView>;
  /** The newest first; `before`: only those older than this id. */
  abstract list(
    project: string,
    page: { monitor?: string; before?: string; limit: number },
  ): Promise<WindowView[]>;
  /** The newest window with a report, one a monitor. */
  abstract latest(): Promise<WindowView[]>;
  abstract counts(project: string): Promise<ModelCounts[]>;
}
