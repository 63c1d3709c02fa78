import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { request, requestBytes } from '../../api/request';
import { REPORT_FORMATS, reportPath } from './report-kinds';
import { verifyReport, type ReportProofAnswer, type ReportVerification } from './verify-report';

export interface VerifiedReport extends ReportVerification {
  readonly proof: ReportProofAnswer;
}

/** The audit log takes a report within a second or two of its issue. */
const PENDING_MS = 1_000;

async function verify(id: string): Promise<VerifiedReport> {
  const proof = await request<ReportProofAnswer>('GET', reportPath(id, 'proof'));
  const { publicKey } = await request<{ publicKey: string }>('GET', '/governance/v1/audit/public-key');
  const files = Object.fromEntries(
    await Promise.all(
      REPORT_FORMATS.map(
        async (format) => [format, await requestBytes(reportPath(id, 'files', format))] as const,
      ),
    ),
  );
  return { ...(await verifyReport({ proof, publicKey, report: id, files })), proof };
}

/** Fetches a report's files and proof and verifies them here; again until the audit log has the report. */
export function useReportVerification(id: string): UseQueryResult<VerifiedReport> {
  return useQuery({
    queryKey: ['report-proof', id],
    queryFn: () => verify(id),
    // What was issued never changes: it is verified again only where somebody asks.
    staleTime: Infinity,
    refetchInterval: ({ state }) => (state.data && state.data.proof.entry === null ? PENDING_MS : false),
  });
}
