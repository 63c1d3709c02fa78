import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@steward/database';
import { ArtifactStore } from '@steward/artifacts';
import { errors } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { bindingParts } from '../records/processing-books';
import { ProcessingBooksRepository, ProcessingFactRepository } from '../records/processing-books.repository';
import type { RetentionRun, RetentionStep } from './retention-run';
import { runNotFound } from './retention-run';
import { scheduleOf, type ScheduledRetention } from './retention-schedule';
import { RetentionPolicyRepository, RetentionRunRepository } from './retention.repository';

/** How long a project keeps data by all that was said on it, and what runs came to. */
@Injectable()
export class ReadRetention {
  constructor(
    private readonly policies: RetentionPolicyRepository,
    private readonly runs: RetentionRunRepository,
    private readonly books: ProcessingBooksRepository,
    private readonly facts: ProcessingFactRepository,
    private readonly artifacts: ArtifactStore,
  ) {}

  async schedule(project: string, unit?: UnitOfWork<GovernanceTables>): Promise<ScheduledRetention[]> {
    const { policy } = await this.policies.policy(project, unit);
    const purposes = await this.books.all(project, 'purpose', unit);
    const datasets = new Map<string, readonly string[]>();
    for (const { name } of await this.facts.newest(project, 'contract')) datasets.set(name, []);
    for (const { name: entry, content } of await this.books.all(project, 'binding', unit)) {
      const { kind, name } = bindingParts(entry);
      if (kind === 'dataset') datasets.set(name, content.purposes);
    }
    return scheduleOf({
      policy,
      purposes: purposes.map(({ name, content }) => ({ purpose: name, retention: content.retention })),
      datasets,
    });
  }

  /** Throws GOVERNANCE.RETENTION_RUN_NOT_FOUND. */
  async run(
    project: string,
    id: string,
  ): Promise<RetentionRun & { readonly steps: readonly RetentionStep[] }> {
    const run = await this.runs.find(project, id);
    if (!run) throw runNotFound(id);
    return { ...run, steps: await this.runs.steps(id) };
  }

  /** The signed evidence. Throws GOVERNANCE.RETENTION_RUN_NOT_FOUND, GOVERNANCE.RETENTION_EVIDENCE_MISSING. */
  async evidence(project: string, id: string): Promise<unknown> {
    const { evidence } = await this.run(project, id);
    if (evidence === null)
      throw errors.notFound('GOVERNANCE.RETENTION_EVIDENCE_MISSING', 'This run has deleted nothing yet.');
    return JSON.parse((await this.artifacts.read(evidence)).toString('utf8')) as unknown;
  }
}
