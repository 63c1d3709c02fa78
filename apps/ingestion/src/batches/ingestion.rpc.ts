import { Injectable } from '@nestjs/common';
import { Access, Can, type Caller } from '@steward/access';
import {
  IngestionServiceService,
  type DatasetVersion,
  type GetDatasetVersionRequest,
  type GetDatasetVersionResponse,
  type ListDatasetVersionsRequest,
  type ListDatasetVersionsResponse,
  type PutContractRequest,
  type PutContractResponse,
  type ResolveSubjectsRequest,
  type ResolveSubjectsResponse,
  type UploadBatchRequest,
  type UploadBatchResponse,
} from '@steward/contracts/generated/steward/ingestion/v1/ingestion';
import { errors, isName } from '@steward/kernel';
import { RpcService, type RpcCall } from '@steward/service';
import { readContractText } from '../contracts/contract-document';
import { RegisterContract } from '../contracts/register-contract';
import { MOST_IDENTIFIERS, ResolveSubjects } from '../subjects/resolve-subjects';
import type { StoredVersion } from './batch.repository';
import { ReadBatches } from './read-batches';
import { UploadBatch } from './upload-batch';

/** The gRPC side of ingestion: the same use cases as the HTTP routes. */
@Injectable()
export class IngestionRpc extends RpcService {
  readonly definition = IngestionServiceService;

  constructor(
    private readonly access: Access,
    private readonly register: RegisterContract,
    private readonly upload: UploadBatch,
    private readonly read: ReadBatches,
    private readonly subjects: ResolveSubjects,
  ) {
    super();
  }

  @Can('create', 'Contract')
  async putContract(
    { project, dataset, contract }: PutContractRequest,
    { caller }: RpcCall,
  ): Promise<PutContractResponse> {
    const document = readContractText(contract);
    const { version, created } = await this.register.execute(caller, project, datasetName(dataset), document);
    return { version: version.version, digest: version.digest, created };
  }

  /** The project stands in the first message, which the guard has not read: it is decided on here. */
  @Can('create', 'Dataset', { anyProject: true })
  async uploadBatch(
    messages: AsyncIterable<UploadBatchRequest>,
    call: RpcCall,
  ): Promise<UploadBatchResponse> {
    const iterator = messages[Symbol.asyncIterator]();
    const first = await iterator.next();
    if (first.done)
      throw errors.invalid('INGESTION.UPLOAD_EMPTY', 'The stream ended before its first message.');
    const { project, dataset, content } = first.value;
    const caller = this.placed(call.caller, project, datasetName(dataset));
    const source = contentOf(content, iterator);
    const { batch, duplicate } = await this.upload.execute(caller, project, datasetName(dataset), source);
    const { id, digest, read, accepted, quarantined, byRule, version } = batch;
    return {
      batch: id,
      digest,
      read,
      accepted,
      quarantined,
      byRule: { ...byRule },
      version: version ?? 0,
      duplicate,
    };
  }

  @Can('read', 'Dataset')
  async listDatasetVersions({
    project,
    dataset,
    limit,
    after,
  }: ListDatasetVersionsRequest): Promise<ListDatasetVersionsResponse> {
    const page = { limit: Math.min(limit || 100, 1000), after: after === 0 ? null : String(after) };
    const found = await this.read.versions(project, datasetName(dataset), page);
    return { versions: found.map(versionMessage) };
  }

  @Can('read', 'Dataset')
  async getDatasetVersion(request: GetDatasetVersionRequest): Promise<GetDatasetVersionResponse> {
    const { project, dataset, version } = request;
    if (version > 2_147_483_647)
      throw errors.invalid('INGESTION.VERSION_INVALID', 'There is no version so high.');
    return { version: versionMessage(await this.read.version(project, datasetName(dataset), version)) };
  }

  @Can('resolve', 'DataSubject')
  async resolveSubjects(
    { project, dataset, identifiers }: ResolveSubjectsRequest,
    { caller }: RpcCall,
  ): Promise<ResolveSubjectsResponse> {
    if (identifiers.length > MOST_IDENTIFIERS) {
      throw errors.limit(
        'INGESTION.TOO_MANY_IDENTIFIERS',
        `At most ${MOST_IDENTIFIERS} identifiers fit one call.`,
      );
    }
    return { pseudonyms: await this.subjects.execute(caller, project, datasetName(dataset), identifiers) };
  }

  private placed(caller: Caller, project: string, dataset: string): Caller {
    if (!isName(project)) {
      throw errors.invalid('ACCESS.PROJECT_MISSING', 'Name the project in the first message.');
    }
    const placed = { ...caller, project };
    this.access.requireProject(project, 'create', 'Dataset');
    this.access.require(placed, 'create', 'Dataset', { project, dataset });
    return placed;
  }
}

function datasetName(dataset: string): string {
  if (isName(dataset)) return dataset;
  throw errors.invalid(
    'INGESTION.DATASET_NAME',
    'A dataset name has lower-case letters, digits, hyphens; 63 at most.',
  );
}

async function* contentOf(
  first: Uint8Array,
  rest: AsyncIterator<UploadBatchRequest>,
): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value.content;
}

function versionMessage(version: StoredVersion): DatasetVersion {
  const { project: _project, dataset: _dataset, batchId, ...rest } = version;
  return { ...rest, batch: batchId };
}
