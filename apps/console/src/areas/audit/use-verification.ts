import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { request } from '../../api/request';
import { rememberHead, seenHead } from './seen-head';
import { verifyEntry, type ProofAnswer, type SeenHead, type Verification } from './verify-entry';

const AUDIT = '/governance/v1/audit';

export interface VerifiedProof extends Verification {
  readonly proof: ProofAnswer;
  readonly publicKey: string;
}

/** Hashes that lead from the head seen before to the newest one; null where this person may not ask for them. */
async function consistencyFrom(seen: SeenHead): Promise<readonly string[] | null> {
  try {
    const answer = await request<{ path: readonly string[] }>('GET', `${AUDIT}/consistency`, {
      query: { from: seen.size },
    });
    return answer.path;
  } catch {
    return null;
  }
}

async function verify(index: number, maySeeHeads: boolean): Promise<VerifiedProof> {
  const proof = await request<ProofAnswer>('GET', `${AUDIT}/entries/${index}/proof`);
  const { publicKey } = await request<{ publicKey: string }>('GET', `${AUDIT}/public-key`);
  const seen = maySeeHeads ? seenHead() : null;
  const consistency = seen ? await consistencyFrom(seen) : null;
  const verified = await verifyEntry({ proof, publicKey, seen, consistency });
  if (verified.head && maySeeHeads) rememberHead(verified.head);
  return { ...verified, proof, publicKey };
}

/** Fetches an entry's proof and verifies it here. `maySeeHeads`: whether consistency proofs may be asked for. */
export function useVerification(index: number, maySeeHeads: boolean): UseQueryResult<VerifiedProof> {
  return useQuery({
    queryKey: ['audit-proof', index, maySeeHeads],
    queryFn: () => verify(index, maySeeHeads),
  });
}
