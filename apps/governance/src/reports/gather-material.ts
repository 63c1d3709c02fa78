import { Injectable } from '@nestjs/common';
import { ArtifactStore } from '@steward/artifacts';
import { cosignedAt, LogKey } from '@steward/audit-log';
import { AppError } from '@steward/kernel';
import { SignHead } from '../audit/sign-head';
import { WitnessClient } from '../audit/witness.client';
import { EvidenceRepository, type EvidenceScope } from '../evidence/evidence.repository';
import type { ReportKind, ReportScope } from './report';
import {
  REPORTED,
  type Evaluation,
  type Events,
  type LogState,
  type ReportMaterial,
  type Told,
  type EventKey,
} from './report-material';
import { ReviewRepository } from './review.repository';
import { subjectOf } from './sections/model-sections';

/** Events of one type in a report at most: the newest. */
const MOST_EVENTS = 5_000;
const MOST_EVALUATION_BYTES = 32 * 1024 * 1024;
const BEGINNING = '1970-01-01T00:00:00.000Z';

/** What made the model is told whole, however old it is; what happened, within the period. */
const OF_ALL_TIME: readonly EventKey[] = [
  'contracts',
  'datasetVersions',
  'pipelines',
  'runs',
  'versions',
  'moves',
];
/** What carries the name of a model; the rest is found by its data set or by its project alone. */
const BY_DATASET: readonly EventKey[] = ['contracts', 'datasetVersions'];
const BY_PROJECT: readonly EventKey[] = ['monitors', 'emergencies', 'subjectRequests'];
/** Kinds that document how a system was made, whenever that was; the others tell what happened in their period. */
const DOCUMENTS: readonly ReportKind[] = ['model-card', 'technical-documentation', 'dataset'];

/** Collects what a report is made from: evidence, the evaluation by its digest, roles and acts, the log's head. */
@Injectable()
export class GatherMaterial {
  constructor(
    private readonly evidence: EvidenceRepository,
    private readonly artifacts: ArtifactStore,
    private readonly review: ReviewRepository,
    private readonly signing: SignHead,
    private readonly key: LogKey,
    private readonly witness: WitnessClient,
  ) {}

  async execute(
    kind: ReportKind,
    scope: ReportScope,
    period: { readonly from: string; readonly to: string },
  ): Promise<ReportMaterial> {
    const events = await this.events(kind, scope, period);
    const partial = { events, evaluation: null, roles: [], acts: [], log: await this.log() };
    return {
      ...partial,
      evaluation: scope.model === null ? null : await this.evaluation(partial),
      roles: await this.review.roles(period, scope.project),
      acts: await this.review.acts(period, scope.project),
    };
  }

  private async events(
    kind: ReportKind,
    scope: ReportScope,
    period: { readonly from: string; readonly to: string },
  ): Promise<Events> {
    const found: Partial<Record<EventKey, readonly Told<unknown>[]>> = {};
    let { dataset } = scope;
    // Versions first: they name the data set that a model was made from.
    const keys = Object.keys(REPORTED) as EventKey[];
    for (const key of keys.toSorted((left) => (left === 'versions' ? -1 : 0))) {
      const whole = DOCUMENTS.includes(kind) && OF_ALL_TIME.includes(key);
      const within: EvidenceScope = {
        project: scope.project,
        model:
          BY_DATASET.includes(key) || BY_PROJECT.includes(key) || key === 'pipelines' || key === 'runs'
            ? null
            : scope.model,
        dataset: BY_DATASET.includes(key)
          ? dataset
          : scope.model === null && !BY_PROJECT.includes(key)
            ? scope.dataset
            : null,
        from: whole ? BEGINNING : period.from,
        to: period.to,
      };
      const list = (await this.evidence.find(REPORTED[key].type, within, MOST_EVENTS)).map((one) => ({
        payload: one.payload,
        time: one.time,
        actor: one.actor,
        correlation: one.correlation,
        source: { kind: 'event' as const, id: one.eventId, digest: one.digest },
      }));
      found[key] = list;
      if (key === 'versions' && scope.model !== null)
        dataset =
          (list.at(-1)?.payload as { descriptor: { dataset: string } } | undefined)?.descriptor.dataset ??
          dataset;
    }
    // Each list holds payloads that were checked by their schema when the event came.
    return found as unknown as Events;
  }

  private async evaluation(material: ReportMaterial): Promise<ReportMaterial['evaluation']> {
    const digest = subjectOf(material).descriptor?.evaluationDigest;
    if (!digest) return null;
    try {
      const bytes = await this.artifacts.read(digest, { maxBytes: MOST_EVALUATION_BYTES });
      const value = JSON.parse(bytes.toString('utf8')) as Evaluation;
      return { value, source: { kind: 'artifact', id: 'evaluation', digest } };
    } catch (error) {
      // Deleted, or not there: the report says what is missing. A store that is away is another matter.
      if (AppError.is(error) && error.kind === 'not_found') return null;
      throw error;
    }
  }

  private async log(): Promise<LogState> {
    const head = await this.signing.sign();
    return {
      size: head.size,
      root: head.root.toString('hex'),
      signedAt: head.time,
      keyId: this.key.verifier.id,
      witnessed: this.witness.key !== null && cosignedAt(head.note, this.witness.key) !== null,
    };
  }
}
