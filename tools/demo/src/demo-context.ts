import type { InferenceClient, StewardClient } from '@steward/client';
import type { Platform } from '@steward/start';
import type { DemoOptions } from './demo-options';
import type { DemoSummary } from './demo-summary';
import type { Application } from './lending-data';

/** What the steps hand on to each other. */
export interface DemoContext {
  readonly options: DemoOptions;
  readonly platform: Platform;
  readonly administratorPassword: string;
  readonly summary: Partial<DemoSummary>;
  project: string;
  /** The people, and a program. */
  administrator: StewardClient;
  engineer: StewardClient;
  approver: StewardClient;
  auditor: StewardClient;
  /** Answers to data subjects. */
  officer: StewardClient;
  tokens: Record<'administrator' | 'engineer' | 'approver' | 'auditor' | 'officer', string>;
  /** The program that asks for predictions and posts outcomes. */
  caller: StewardClient;
  inference: InferenceClient;
  sent: { application: Application; prediction: string }[];
  /** Rows of requests that were not answered, because a service was away; none in a calm run. */
  unanswered: number;
  /** Says what is going on inside a step. */
  say: (text: string) => void;
}

export interface DemoStep {
  readonly title: string;
  readonly run: (context: DemoContext) => Promise<string>;
}
