import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { request } from '../../api/request';
import { useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Facts } from '../../parts/facts';
import { count } from '../../parts/format';
import { Loaded } from '../../parts/loaded';
import { Mono } from '../../parts/mono';
import { Toned } from '../../parts/tone';
import { When } from '../../parts/when';
import { certificateFault, type CertificateAnswer } from './verify-certificate';

/** The certificate of an erasure, with its signature checked by this browser. */
export function CertificateCard({ path }: { path: string }): ReactNode {
  const query = useGet<CertificateAnswer>(`${path}/certificate`);
  return (
    <Card
      title="Certificate"
      actions={
        <Button
          component="a"
          href={`${path}/certificate`}
          download="certificate.json"
          size="xs"
          variant="default"
        >
          Download the certificate
        </Button>
      }
    >
      <Loaded query={query} what="the certificate">
        {(certificate) => (
          <Stack gap="sm">
            <Signature of={certificate} />
            <Content of={certificate} />
          </Stack>
        )}
      </Loaded>
    </Card>
  );
}

function Signature({ of }: { of: CertificateAnswer }): ReactNode {
  const checked = useQuery({
    queryKey: ['certificate', of.digest, of.signature.value],
    queryFn: async () => {
      const { publicKey } = await request<{ publicKey: string }>('GET', '/governance/v1/audit/public-key');
      return { fault: await certificateFault(of, publicKey) };
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
            ['Erased', <When key="when" at={of.document.completedAt} />],
          ]}
        />
      )}
    </Loaded>
  );
}

function Content({ of: { document } }: { of: CertificateAnswer }): ReactNode {
  const destroyed = document.services.flatMap(({ service, destroyed: parts }) =>
    parts.map((part, at) => ({ service, at, ...part })),
  );
  const remaining = document.services.flatMap(({ service, remaining: parts }) =>
    parts.map((part, at) => ({ service, at, ...part })),
  );
  return (
    <>
      <DataTable
        label="What was destroyed, and where"
        rows={destroyed}
        keyOf={({ service, at }) => `${service} ${at}`}
        empty="Nothing was held."
        columns={[
          { header: 'Service', cell: ({ service }) => service },
          { header: 'Destroyed in', cell: ({ store }) => store },
          { header: 'What', cell: ({ name }) => name },
          { header: 'Items', figures: true, cell: ({ items }) => count(items) },
          { header: 'Digest before', cell: ({ oldDigest }) => <Mono of={oldDigest} /> },
          { header: 'Digest after', cell: ({ newDigest }) => <Mono of={newDigest} /> },
        ]}
      />
      <DataTable
        label="What stays under the unlinked pseudonym"
        rows={remaining}
        keyOf={({ service, at }) => `${service} ${at}`}
        empty="Nothing stays."
        columns={[
          { header: 'Service', cell: ({ service }) => service },
          { header: 'Stays', cell: ({ name }) => name },
          { header: 'Why', cell: ({ why }) => why },
          { header: 'Until', cell: ({ until }) => (until ? <When at={until} /> : 'no end') },
        ]}
      />
      <DataTable
        label="Models that had learnt from it"
        rows={document.models}
        keyOf={({ model, version }) => `${model} ${version}`}
        empty="No model had learnt from it."
        columns={[{ header: 'Model', cell: ({ model, version }) => `${model} version ${version}` }]}
      />
      <Text size="sm" c="dimmed" maw="80ch">
        {document.note}
      </Text>
    </>
  );
}
