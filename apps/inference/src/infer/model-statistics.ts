import { Injectable } from '@nestjs/common';

/** A number of times and how long they took together, milliseconds. */
export interface Duration {
  count: number;
  ms: number;
}

/** Stages of answered requests: decoding, scoring (waiting for the engine included), and what follows until the answer. */
export interface Stages {
  readonly input: Duration;
  readonly infer: Duration;
  readonly output: Duration;
}

/** What this process answered of one model version since it started. */
export interface VersionStatistics {
  readonly name: string;
  readonly version: number;
  /** Milliseconds since 1970; 0: never. */
  last: number;
  rows: number;
  readonly success: Duration;
  readonly fail: Duration;
  readonly stages: Stages;
  readonly byRows: Map<number, Stages>;
}

/** An answered request; times by `performance.now()`. */
export interface Answered {
  readonly name: string;
  readonly version: number;
  readonly rows: number;
  readonly started: number;
  readonly scored: { readonly from: number; readonly to: number };
  readonly ended: number;
}

/** Callers choose the number of rows: figures by number are kept for so many of them. */
const MOST_BATCH_SIZES = 256;

const duration = (): Duration => ({ count: 0, ms: 0 });
const stages = (): Stages => ({ input: duration(), infer: duration(), output: duration() });

function add(to: Duration, ms: number): void {
  to.count += 1;
  to.ms += ms;
}

/** Figures by model version as Triton's statistics have them; each process counts its own. */
@Injectable()
export class ModelStatistics {
  private readonly versions = new Map<string, VersionStatistics>();

  succeeded({ name, version, rows, started, scored, ended }: Answered): void {
    const of = this.of(name, version);
    of.last = Date.now();
    of.rows += rows;
    add(of.success, ended - started);
    let batch = of.byRows.get(rows);
    if (!batch && of.byRows.size < MOST_BATCH_SIZES) of.byRows.set(rows, (batch = stages()));
    for (const each of batch ? [of.stages, batch] : [of.stages]) {
      add(each.input, scored.from - started);
      add(each.infer, scored.to - scored.from);
      add(each.output, ended - scored.to);
    }
  }

  failed(name: string, version: number, ms: number): void {
    add(this.of(name, version).fail, ms);
  }

  /** The figures of a version; zeros before its first request. */
  of(name: string, version: number): VersionStatistics {
    const key = `${name}/${version}`;
    let found = this.versions.get(key);
    if (!found) {
      const empty = { last: 0, rows: 0, success: duration(), fail: duration(), byRows: new Map() };
      this.versions.set(key, (found = { name, version, ...empty, stages: stages() }));
    }
    return found;
  }
}
