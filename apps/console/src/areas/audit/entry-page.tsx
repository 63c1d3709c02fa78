import { Button, Code, Stack, Text } from '@mantine/core';
import type { AuditEntryAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { Card } from '../../parts/card';
import { Facts } from '../../parts/facts';
import { plain } from '../../parts/format';
import { Go } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { Person } from '../../parts/person';
import { State } from '../../parts/tone';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { useVerification, type VerifiedProof } from './use-verification';
import { Verdict } from './verdict';

type Entry = Omit<AuditEntryAnswer, 'index' | 'leaf'>;

/** One entry, verified by the browser that shows it. */
export function EntryPage({ index }: { index: number }): ReactNode {
  const query = useVerification(index, useMay()('verify', 'AuditEntry', null));
  return (
    <Page
      title={`Audit entry ${index}`}
      above={[['Audit log', '/audit']]}
      actions={
        <Button size="xs" variant="default" loading={query.isFetching} onClick={() => void query.refetch()}>
          Verify again
        </Button>
      }
    >
      <Loaded query={query} what="the entry and its proof">
        {(verified) => (
          <Stack gap="md">
            <Verdict
              of={verified}
              good="Verified by this browser: the entry stands in the signed log."
              bad="This entry does NOT verify. Keep this page and tell the auditors."
            />
            <EntryFacts entry={verified.proof.entry as Entry} />
            <ProofCard verified={verified} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function EntryFacts({ entry }: { entry: Entry }): ReactNode {
  const { time, actor, action, object, outcome, project, service, correlation, details } = entry;
  return (
    <Card title="What happened">
      <Facts
        of={[
          ['Time', <When key="time" at={time} />],
          ['Who', actor.kind === 'service' ? actor.id : <Person key="who" id={actor.id} of={project} />],
          ['Action', action],
          ['Object', `${object.kind} ${object.id}`],
          ['Outcome', <State key="outcome" of={outcome} />],
          ['Project', project ?? 'none'],
          ['Service', service],
          [
            'Chain of causes',
            <Go key="chain" to={`/audit?correlation=${encodeURIComponent(correlation)}`}>
              {correlation}
            </Go>,
          ],
          ...Object.entries(details ?? {}).map(([name, value]) => [name, plain(value)] as const),
        ]}
      />
    </Card>
  );
}

function ProofCard({ verified: { proof, publicKey } }: { verified: VerifiedProof }): ReactNode {
  return (
    <Card title="Proof">
      <Text size="sm" c="dimmed">
        Leaf hash, audit path and signed head as governance gave them. Compare the public key with the one
        that you were given by another way.
      </Text>
      <Facts
        of={[
          ['Public key', <Code key="key">{publicKey}</Code>],
          ['Leaf hash', <Code key="leaf">{proof.leaf}</Code>],
        ]}
      />
      <Code block tabIndex={0} aria-label="Signed head">
        {proof.head.checkpoint}
      </Code>
      <details>
        <summary>Audit path: {proof.path.length} hashes</summary>
        <Code block tabIndex={0} aria-label="Audit path">
          {proof.path.join('\n')}
        </Code>
      </details>
    </Card>
  );
}
