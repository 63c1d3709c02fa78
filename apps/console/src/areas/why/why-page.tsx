import { Button, CopyButton, Group, Stack, Text } from '@mantine/core';
import { Actions, Subjects } from '@steward/access/actions';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import { request } from '../../api/request';
import { Card } from '../../parts/card';
import { words } from '../../parts/format';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { Person } from '../../parts/person';
import { useSession } from '../../session/session-provider';
import type { ExplanationAnswer } from '../roles/role-answers';
import { ReasonCard } from './reason-card';
import { WhyForm } from './why-form';
import { explainBody, questionIn, whyAddress, type WhyQuestion } from './why-question';

/** Why somebody may or may not do something: which rule decided, and which of its conditions. */
export function WhyPage(): ReactNode {
  const [search] = useSearchParams();
  const question = questionIn(search);
  const asked =
    (Actions as readonly string[]).includes(question.action) &&
    (Subjects as readonly string[]).includes(question.subject);
  return (
    <Page
      title="Why?"
      about="Every service decides by the rules of the roles that somebody holds. This is how this decision came about, as of now."
    >
      <Stack gap="md">
        {asked ? (
          <Answer of={question} />
        ) : (
          <Text size="sm">Say what is to be done, and to what kind of object.</Text>
        )}
        <WhyForm key={search.toString()} of={question} />
      </Stack>
    </Page>
  );
}

function Answer({ of }: { of: WhyQuestion }): ReactNode {
  const body = explainBody(of);
  const query = useQuery<ExplanationAnswer & { principalId: string }>({
    queryKey: ['/governance/v1/decisions/explain', body],
    queryFn: () => request('POST', '/governance/v1/decisions/explain', { body }),
  });
  const what = `${of.action} ${words(of.subject)}`;
  const known = Object.entries(of.fields).map(([field, value]) => `${words(field)} ${value}`);
  const where = of.project === '' ? 'of no project' : `of project ${of.project}`;
  return (
    <Loaded query={query} what="the reason">
      {(answer) => (
        <>
          <ReasonCard
            title={
              <>
                May <Person id={answer.principalId} /> {what} {[where, ...known].join(', ')}?
              </>
            }
            of={answer}
          />
          {!answer.allowed && <HowToGetIt of={{ ...of, person: answer.principalId }} />}
        </>
      )}
    </Loaded>
  );
}

/** Who cannot change it himself sends the question to somebody who can. */
function HowToGetIt({ of }: { of: WhyQuestion }): ReactNode {
  const { principalId } = useSession();
  const address = `${window.location.origin}/console${whyAddress(of)}`;
  return (
    <Card title="What can be done">
      <Text size="sm">
        {of.person === principalId
          ? 'Rights are given by administrators, who see the same reason under this address:'
          : 'A role that permits it, or a change of a role, gives the right; try either below Permissions first.'}
      </Text>
      <Group gap="xs">
        <Text size="xs" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
          {address}
        </Text>
        <CopyButton value={address}>
          {({ copied, copy }) => (
            <Button size="compact-xs" variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy the address'}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Card>
  );
}
