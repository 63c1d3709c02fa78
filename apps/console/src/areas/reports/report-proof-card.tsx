import { Button, FileInput, Loader, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { Card } from '../../parts/card';
import { Facts } from '../../parts/facts';
import { Go } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Mono } from '../../parts/mono';
import { Toned } from '../../parts/tone';
import { Verdict } from '../audit/verdict';
import { useReportVerification } from './use-report-verification';
import { formatOf, type ReportProofAnswer } from './verify-report';

/** The report verified by this browser: signed list, each file, and the place in the audit log. */
export function ReportProofCard({ id }: { id: string }): ReactNode {
  const query = useReportVerification(id);
  return (
    <Card
      title="Proof"
      actions={
        <Button size="xs" variant="default" loading={query.isFetching} onClick={() => void query.refetch()}>
          Verify again
        </Button>
      }
    >
      <Loaded query={query} what="the proof">
        {(verified) =>
          verified.proof.entry === null ? (
            <Text role="status" size="sm">
              <Loader size="xs" type="dots" display="inline-block" mr="xs" />
              The report is signed; the audit log is taking it in. It is verified here as soon as it stands
              there.
            </Text>
          ) : (
            <>
              <Verdict
                of={verified}
                good="Verified by this browser: these are the files that were signed and entered into the log."
                bad="This report does NOT verify. Keep this page and tell the auditors."
              />
              <Facts
                of={[
                  [
                    'Entry of the audit log',
                    <Go key="entry" to={`/audit/${verified.proof.entry.index}`}>
                      {verified.proof.entry.index}
                    </Go>,
                  ],
                  [
                    'Digest of the signed list',
                    <Mono key="digest" of={verified.proof.manifest.digest} length={64} />,
                  ],
                ]}
              />
              <CheckFile proof={verified.proof} />
            </>
          )
        }
      </Loaded>
    </Card>
  );
}

type Found = { readonly name: string; readonly format: string | null };

/** Says whether a file that somebody handed over is one of this report's. It does not leave the browser. */
function CheckFile({ proof }: { proof: ReportProofAnswer }): ReactNode {
  const [found, setFound] = useState<Found | null>(null);
  const check = async (file: File | null): Promise<void> => {
    if (!file) return setFound(null);
    const bytes = new Uint8Array(await file.arrayBuffer());
    setFound({ name: file.name, format: await formatOf(proof, bytes) });
  };
  return (
    <>
      <FileInput
        size="xs"
        maw={420}
        label="Check a file that you were given"
        description="It stays in this browser."
        placeholder="Choose a file"
        onChange={(file) => void check(file)}
        clearable
        clearButtonProps={{ 'aria-label': 'Take the file away' }}
      />
      {found && (
        <Text size="sm" role="status">
          <Toned tone={found.format ? 'good' : 'bad'}>{found.format ? 'the same' : 'another'}</Toned>{' '}
          {found.format
            ? `${found.name} is this report’s ${found.format.toUpperCase()} file, byte for byte.`
            : `${found.name} is none of this report’s files: it was changed, or is of another report.`}
        </Text>
      )}
    </>
  );
}
