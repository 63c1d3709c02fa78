import { Access, type Action, type Caller } from '@steward/access';
import { Injectable } from '@nestjs/common';
import { GetRun } from './get-run';
import type { Run } from './run';

/** Decides on a run with the fields that rules may use: its pipeline, and who started it ("own runs only"). */
@Injectable()
export class DecisionOnRun {
  constructor(
    private readonly access: Access,
    private readonly getRun: GetRun,
  ) {}

  /** The run, if the caller may. Throws TRAINING.RUN_NOT_FOUND, or what the access guard throws. */
  async require(caller: Caller, action: Action, project: string, id: string): Promise<Run> {
    const run = await this.getRun.get(project, id);
    this.access.require(caller, action, 'Run', fieldsOf(run));
    return run;
  }

  /** Those of a page that the caller may read; there may be fewer than asked for. */
  readable({ principal }: Caller, runs: readonly Run[]): Run[] {
    return runs.filter((run) => this.access.can(principal, 'read', 'Run', fieldsOf(run)));
  }
}

const fieldsOf = ({ project, pipeline, startedBy }: Run) => ({ project, pipeline, createdBy: startedBy });
