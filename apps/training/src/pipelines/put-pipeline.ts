import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { PipelineChanged } from '@steward/contracts';
import { Database } from '@steward/database';
import { Clock, errors, isName } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import { ContractRepository } from '../datasets/contract.repository';
import type { TrainingTables } from '../training-tables';
import { checkAgainstContract } from './check-against-contract';
import type { Pipeline } from './pipeline';
import { parsePipelineDefinition, pipelineDigest } from './pipeline-definition';
import { PipelineRepository } from './pipeline.repository';

/** Registers a pipeline definition. The same definition again is no new version. */
@Injectable()
export class PutPipeline {
  constructor(
    private readonly database: Database<TrainingTables>,
    private readonly pipelines: PipelineRepository,
    private readonly contracts: ContractRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async put(caller: Caller, project: string, name: string, input: unknown): Promise<Pipeline> {
    if (!isName(name)) {
      throw errors.invalid(
        'TRAINING.PIPELINE_NAME',
        'A pipeline is named by lower-case letters, digits and hyphens, beginning with a letter, 63 at most.',
      );
    }
    const definition = parsePipelineDefinition(input);
    const contract = await this.contracts.current(project, definition.dataset);
    // Without a contract yet the columns are checked when a run starts.
    if (contract) checkAgainstContract(definition, contract.contract);
    const digest = pipelineDigest(definition);
    return await this.database.transaction(async (unit) => {
      const before = await this.pipelines.lockCurrent(unit, project, name);
      if (before?.digest === digest) return before;
      const pipeline: Pipeline = {
        project,
        pipeline: name,
        version: (before?.version ?? 0) + 1,
        digest,
        definition,
        changedBy: caller.principal.id,
        changedAt: this.clock.iso(),
      };
      await this.pipelines.add(unit, pipeline);
      this.outbox.publish(unit, PipelineChanged, {
        subject: `${project}/${name}`,
        project,
        correlation: caller.correlation,
        actor: caller.principal.id,
        payload: {
          pipeline: name,
          pipelineVersion: pipeline.version,
          digest,
          dataset: definition.dataset,
          model: definition.model,
          changedBy: pipeline.changedBy,
        },
      });
      this.audit.record(unit, caller, {
        action: before ? 'pipeline.change' : 'pipeline.create',
        object: { kind: 'pipeline', id: name },
        project,
        details: { version: pipeline.version, digest, previous: before?.digest ?? null },
      });
      return pipeline;
    });
  }
}
