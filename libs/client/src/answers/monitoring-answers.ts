import type { FairnessAnswer, PerformanceAnswer, Rate } from './evaluation-answer';

export interface MonitorAnswer {
  readonly name: string;
  readonly version: number;
  readonly digest: string;
  readonly definition: {
    readonly model: string;
    readonly windowRows: number;
    readonly drift: { readonly psi: number; readonly pValue: number; readonly minimumRows: number };
    readonly fairness: Readonly<Record<string, number | undefined>>;
    readonly performance: Readonly<Record<string, number | undefined>>;
    readonly retrain: {
      readonly on: readonly string[];
      readonly minimumLabelledRows: number;
      readonly cooldownSeconds: number;
    };
  };
  readonly changedBy: string;
  readonly changedAt: string;
}

export interface CellAnswer {
  readonly label: string;
  readonly referenceCount: number;
  readonly currentCount: number;
  readonly referenceShare: number;
  readonly currentShare: number;
}

export interface ColumnDriftAnswer {
  readonly name: string;
  readonly kind: string;
  readonly verdict: 'alert' | 'no_alert' | 'not_enough_data';
  readonly psi: number;
  readonly jensenShannon: number;
  readonly adjustedPValue: number;
  readonly cells: readonly CellAnswer[];
  readonly missing: Rate | null;
  readonly outOfRange: Rate | null;
}

export interface DriftAnswer {
  readonly verdict: string;
  readonly policy: { readonly psi: number; readonly significance: number };
  readonly columns: readonly ColumnDriftAnswer[];
}

export interface WindowAnswer {
  readonly id: string;
  readonly monitor: string;
  readonly model: string;
  readonly modelVersion: number;
  readonly modelDigest: string;
  readonly referenceDigest: string;
  readonly state: 'open' | 'judged';
  readonly verdict: 'ok' | 'alarm' | 'not_enough_data' | null;
  readonly rows: number;
  readonly outcomes: number;
  readonly openedAt: string;
  readonly judgedAt: string | null;
  readonly report: {
    readonly drift: DriftAnswer;
    readonly previousDrift: DriftAnswer | null;
    readonly fairness: FairnessAnswer | null;
  } | null;
  readonly outcomeReport: {
    readonly rows: number;
    readonly performance: PerformanceAnswer | null;
    readonly fairness: FairnessAnswer | null;
  } | null;
}

export interface AlertAnswer {
  readonly id: string;
  readonly monitor: string;
  readonly kind: string;
  readonly model: string;
  readonly modelVersion: number;
  readonly windowId: string;
  readonly lastWindowId: string;
  readonly columns: readonly string[];
  readonly state: 'open' | 'resolved';
  readonly raisedAt: string;
  readonly resolvedAt: string | null;
  readonly resolvedWindowId: string | null;
  readonly acknowledgedBy: string | null;
}
