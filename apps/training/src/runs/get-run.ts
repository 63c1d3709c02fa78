import { Injectable } from '@nestjs/common';
import { isId } from '@steward/kernel';
import { runNotFound, type Run } from './run';
import { RunRepository } from './run.repository';

/** One run of a project. Throws TRAINING.RUN_NOT_FOUND. */
@Injectable()
export class GetRun {
  constructor(private readonly runs: RunRepository) {}

  async get(project: string, id: string): Promise<Run> {
    // What is no UUID cannot be a run; asking the database for it would be an error.
    const run = isId(id) ? await this.runs.find(project, id) : null;
    if (!run) throw runNotFound(id);
    return run;
  }
}
