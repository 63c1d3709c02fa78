import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { Loaded } from '../../parts/loaded';
import { When } from '../../parts/when';
import { SignatureFacts } from '../audit/signature-facts';
import { PartsTable } from './parts-table';
import { EVIDENCE_KIND, type RetentionEvidenceAnswer } from './retention-answers';

/** What a run deleted, with the signature checked by this browser. */
export function EvidenceCard({ path }: { path: string }): ReactNode {
  const query = useGet<RetentionEvidenceAnswer>(path);
  return (
    <Card
      title="Evidence"
      actions={
        <Button component="a" href={path} download="retention-evidence.json" size="xs" variant="default">
          Download the evidence
        </Button>
      }
    >
      <Loaded query={query} what="the evidence">
        {(signed) => (
          <>
            <SignatureFacts
              kind={EVIDENCE_KIND}
              of={signed}
              more={[['Deleted', <When key="when" at={signed.document.completedAt} />]]}
            />
            <PartsTable
              label="What was deleted"
              parts={signed.document.services.flatMap(({ service, deleted }) =>
                deleted.map((part) => ({ ...part, service })),
              )}
              empty="Nothing was deleted."
            />
          </>
        )}
      </Loaded>
    </Card>
  );
}
