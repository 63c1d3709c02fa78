import { Injectable } from '@nestjs/common';
import { Access, type Caller } from '@steward/access';
import { AppError, errors } from '@steward/kernel';
import { ServingTable, type ServedModel } from '../deployments/serving-table';
import { Infer, type InferResult } from './infer';
import { InferenceMetrics } from './inference.metrics';
import type { Tensor } from './tensor';

/** A request as a transport has it; tensors are decoded only for those who may predict. */
export interface InferenceRequest {
  readonly name: string;
  readonly version: string | undefined;
  readonly subject: () => string | undefined;
  readonly outputs: readonly string[];
  readonly tensors: () => Tensor[];
}

/** What both transports do around {@link Infer}: the project's access decision, and the figures. */
@Injectable()
export class AnswerInference {
  constructor(
    private readonly access: Access,
    private readonly table: ServingTable,
    private readonly infer: Infer,
    private readonly metrics: InferenceMetrics,
  ) {}

  async execute(caller: Caller, transport: 'grpc' | 'rest', request: InferenceRequest): Promise<InferResult> {
    const started = process.hrtime.bigint();
    const end = (outcome: string): void => {
      const known = this.table.get(request.name) ? request.name : null;
      this.metrics.answered(known, transport, outcome, Number(process.hrtime.bigint() - started) / 1e9);
    };
    try {
      this.requirePredict(caller, request.name);
      const result = await this.infer.execute({
        name: request.name,
        version: request.version,
        tensors: request.tensors(),
        subject: request.subject(),
        outputs: request.outputs,
        caller: caller.principal.id,
        correlation: caller.correlation,
      });
      end('ok');
      return result;
    } catch (error) {
      end(AppError.is(error) ? error.kind : 'internal');
      throw error;
    }
  }

  /** A served model that the caller may know of. */
  describe(caller: Caller, name: string, version: string | undefined): ServedModel {
    this.requirePredict(caller, name);
    return this.table.require(name, version);
  }

  private requirePredict(caller: Caller, name: string): void {
    const [project, model, ...rest] = name.split('.');
    if (!project || !model || rest.length > 0) {
      throw errors.notFound('INFERENCE.MODEL_NOT_SERVED', 'A model is named <project>.<model>.');
    }
    this.access.require(caller, 'predict', 'Deployment', { project, model });
  }
}
