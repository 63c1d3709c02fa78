import { credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import {
  GRPCInferenceServiceClient,
  type ModelInferRequest,
  type ModelInferResponse,
} from '@steward/contracts/generated/open_inference/open_inference';

/** What callers were told. */
export interface LoadResult {
  /** Prediction ids of the answers. */
  readonly answered: string[];
  /** Refusals and broken calls, by status and words. */
  readonly failed: string[];
}

/** Callers that each ask again as soon as they were answered, over some connections of their own. */
export class GrpcLoad {
  readonly result: LoadResult = { answered: [], failed: [] };
  private readonly clients: GRPCInferenceServiceClient[];
  private readonly metadata = new Metadata();
  private running: Promise<unknown> = Promise.resolve();
  private stopping = false;

  constructor(address: string, authorization: string, connections: number) {
    this.metadata.set('authorization', authorization);
    this.clients = Array.from(
      { length: connections },
      () =>
        new GRPCInferenceServiceClient(address, credentials.createInsecure(), {
          'grpc.use_local_subchannel_pool': 1,
          'grpc.initial_reconnect_backoff_ms': 50,
          'grpc.min_reconnect_backoff_ms': 50,
          'grpc.max_reconnect_backoff_ms': 200,
        }),
    );
  }

  start(request: ModelInferRequest, callersPerConnection: number): void {
    this.running = Promise.all(
      this.clients.flatMap((client) =>
        Array.from({ length: callersPerConnection }, () => this.callUntilStopped(client, request)),
      ),
    );
  }

  async stop(): Promise<LoadResult> {
    this.stopping = true;
    await this.running;
    for (const client of this.clients) client.close();
    return this.result;
  }

  private async callUntilStopped(
    client: GRPCInferenceServiceClient,
    request: ModelInferRequest,
  ): Promise<void> {
    while (!this.stopping) {
      try {
        const answer = await this.call(client, request);
        const choice = answer.parameters['prediction_id']?.parameterChoice;
        this.result.answered.push(choice?.$case === 'stringParam' ? choice.stringParam : 'no id');
      } catch (error) {
        const { code, details } = error as ServiceError;
        this.result.failed.push(`${status[code]}: ${details}`);
        // A server that is gone is not asked in a tight loop.
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  private call(client: GRPCInferenceServiceClient, request: ModelInferRequest): Promise<ModelInferResponse> {
    return new Promise((resolve, reject) => {
      client.modelInfer(request, this.metadata, { deadline: Date.now() + 20_000 }, (error, answer) =>
        error ? reject(error) : resolve(answer),
      );
    });
  }
}
