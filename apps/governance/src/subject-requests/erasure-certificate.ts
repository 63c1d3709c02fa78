import type { DestroyedPart, ErasureReport, RemainingPart, TrainedModelVersion } from '@steward/subjects';
import type { SubjectRequest } from './subject-request';

export const CERTIFICATE_KIND = 'steward-erasure-certificate/1';

/** What was destroyed where, what stays and until when, and which models had learnt from it. No personal data. */
export interface ErasureCertificate {
  readonly format: typeof CERTIFICATE_KIND;
  readonly requestId: string;
  readonly project: string;
  /** Leads to nobody any more. */
  readonly pseudonym: string;
  readonly receivedAt: string;
  readonly orderedAt: string | null;
  readonly completedAt: string;
  readonly responsible: string | null;
  readonly orderedBy: string | null;
  readonly services: readonly {
    readonly service: string;
    readonly completedAt: string;
    /** The service's own report, an artifact; null: governance itself. */
    readonly reportDigest: string | null;
    readonly destroyed: readonly DestroyedPart[];
    readonly remaining: readonly RemainingPart[];
  }[];
  readonly models: readonly TrainedModelVersion[];
  /** What to know of models that learnt from erased data (EDPB Opinion 28/2024). */
  readonly note: string;
}

const NOTE =
  'Models trained on the data before the erasure are listed; whether one holds personal data still is for the controller ' +
  'to judge case by case (EDPB Opinion 28/2024). What remains stands under a pseudonym whose link and key are destroyed.';

export function makeCertificate(
  request: SubjectRequest,
  reports: readonly { readonly report: ErasureReport; readonly digest: string }[],
  own: { readonly destroyed: readonly DestroyedPart[]; readonly remaining: readonly RemainingPart[] },
  completedAt: string,
): ErasureCertificate {
  return {
    format: CERTIFICATE_KIND,
    requestId: request.id,
    project: request.project,
    pseudonym: request.pseudonym,
    receivedAt: request.receivedAt,
    orderedAt: request.runAt,
    completedAt,
    responsible: request.responsible,
    orderedBy: request.runBy,
    services: [
      ...reports.map(({ report, digest }) => ({
        service: report.service,
        completedAt: report.completedAt,
        reportDigest: digest,
        destroyed: report.destroyed,
        remaining: report.remaining,
      })),
      { service: 'governance', completedAt, reportDigest: null, ...own },
    ],
    models: reports.flatMap(({ report }) => report.models),
    note: NOTE,
  };
}
