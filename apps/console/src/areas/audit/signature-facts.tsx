import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { request } from '../../api/request';
import { Facts } from '../../parts/facts';
import { Loaded } from '../../parts/loaded';
import { Mono } from '../../parts/mono';
import { Toned } from '../../parts/tone';
import { signatureFault, type SignedAnswer } from './signed-document';

interface SignatureFactsProps {
  readonly kind: string;
  readonly of: SignedAnswer;
  /** What else is to be said beside it. */
  readonly more?: readonly (readonly [string, ReactNode])[];
}

/** Whether a signed document is what was signed, checked by this browser. */
export function SignatureFacts({ kind, of, more = [] }: SignatureFactsProps): ReactNode {
  const checked = useQuery({
    queryKey: ['signed', kind, of.digest, of.signature.value],
    queryFn: async () => {
      const { publicKey } = await request<{ publicKey: string }>('GET', '/governance/v1/audit/public-key');
      return { fault: await signatureFault(kind, of, publicKey) };
    },
  });
  return (
    <Loaded query={checked} what="the verification">
      {({ fault }) => (
        <Facts
          of={[
            [
              'Signature',
              <Toned key="signature" tone={fault === null ? 'good' : 'bad'}>
                {fault === null ? 'verified by this browser' : 'does NOT verify'}
              </Toned>,
            ],
            ['Why not', fault],
            ['Signed by', `${of.signature.origin}, key ${of.signature.keyId}`],
            ['Digest', <Mono key="digest" of={of.digest} length={32} />],
            ...more,
          ]}
        />
      )}
    </Loaded>
  );
}
