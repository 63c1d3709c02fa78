import { Button, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { count } from '../../parts/format';
import { Loaded } from '../../parts/loaded';
import { Mono } from '../../parts/mono';
import { When } from '../../parts/when';
import { SignatureFacts } from '../audit/signature-facts';
import { CERTIFICATE_KIND, type CertificateAnswer } from './certificate-answer';

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
            <SignatureFacts
              kind={CERTIFICATE_KIND}
              of={certificate}
              more={[['Erased', <When key="when" at={certificate.document.completedAt} />]]}
            />
            <Content of={certificate} />
          </Stack>
        )}
      </Loaded>
    </Card>
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
