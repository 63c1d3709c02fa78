import { Injectable } from '@nestjs/common';
import { AppError } from '@steward/kernel';
import { comparedKey, type Role } from '../deployments/served-deployment';
import type { Route } from '../deployments/serving-table';
import { bucketOf } from '../deployments/bucket-of';
import type { Tensor } from '../infer/tensor';
import { ComparisonCounter } from './comparison-counter';
import { Mirror } from './mirror';
import { shadowKey } from './shadow-differences';

/** What a request was answered with. */
export interface Answered {
  readonly rows: number;
  readonly scores: Float64Array;
  readonly labels: readonly string[];
  /** How long the engine took. */
  readonly ms: number;
}

/** A request, as far as another version must read it. */
export interface Mirrored {
  readonly name: string;
  readonly tensors: readonly Tensor[];
}

/** Counts what canary and champion do, and gives requests to those who score them after the answer. */
@Injectable()
export class CompareVersions {
  private shadowed = 0;

  constructor(
    private readonly counter: ComparisonCounter,
    private readonly mirror: Mirror,
  ) {}

  answered(request: Mirrored, { role, deployment, served }: Route, answered: Answered): void {
    const { canary, champion, shadow } = deployment;
    const counted = comparedKey(deployment, role, served.descriptor.version);
    if (counted !== undefined) {
      const slow = canary !== null && canary.slowMs !== null && answered.ms > canary.slowMs;
      this.counter.answered(counted, sideOf(role), slow, answered.scores[0] ?? Number.NaN);
    }
    if (canary?.compared && role === 'canary') {
      this.mirror.agreement(canary.key, champion, request, answered.labels[0] ?? '');
    }
    if (!shadow || !this.isShadowed(shadow.percent)) return;
    const key = shadowKey(request.name, shadow.served.descriptor.version, served.descriptor.version);
    this.mirror.shadow(key, shadow.served, request, answered);
  }

  /** Counts a failure of the engine; false: the request was at fault, or it was shed, which says nothing of a version. */
  failed({ role, deployment, served }: Route, error: unknown): boolean {
    if (AppError.is(error) && error.kind !== 'internal' && error.kind !== 'unavailable') return false;
    const counted = comparedKey(deployment, role, served.descriptor.version);
    if (counted !== undefined) this.counter.failed(counted, sideOf(role));
    return true;
  }

  private isShadowed(percent: number): boolean {
    if (percent >= 100) return true;
    this.shadowed += 1;
    return bucketOf(String(this.shadowed)) * 100 < percent;
  }
}

/** An arm is counted under a key of its own, as a champion is: only a canary has two sides. */
const sideOf = (role: Role): 'canary' | 'champion' => (role === 'canary' ? 'canary' : 'champion');
