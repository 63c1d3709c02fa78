/** What every service answers alike. */
export interface HealthAnswer {
  readonly status: 'ok' | 'failed';
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly detail?: string }>>;
}

export interface DeadLetterAnswer {
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly type: string | null;
  readonly project: string | null;
  readonly consumer: string | null;
  readonly code: string;
  readonly reason: string;
  readonly state: 'waiting' | 'replayed';
  readonly createdAt: string;
}

export interface LaterEventAnswer {
  readonly offset: number;
  readonly type: string;
  readonly time: string;
}

/** What inference serves, or refused and why. */
export interface DeploymentAnswer {
  /** `<project>.<model>`, as the Open Inference Protocol names it. */
  readonly name: string;
  readonly model: string;
  readonly version: number;
  readonly digest: string;
  readonly alias: string;
  /** `idle`: an alias beside the champion that no plan serves. */
  readonly state: 'loading' | 'serving' | 'refused' | 'idle';
  readonly failure: string | null;
  readonly changedAt: string;
}
