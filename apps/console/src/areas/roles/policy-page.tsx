import { Button, FileButton, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { stringify } from 'yaml';
import { useGet } from '../../api/use-get';
import { useSend } from '../../api/use-send';
import { AskDialog } from '../../parts/ask-dialog';
import { Card } from '../../parts/card';
import { CodeArea } from '../../parts/code-area';
import { several } from '../../parts/format';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { ProblemNote } from '../../parts/problem-note';
import { useMay } from '../../session/use-may';
import { PolicyPlanCard } from './policy-plan-card';
import { readPolicy } from './policy-text';
import type { PolicyDocument, PolicyPlan } from './policy-steps';

const POLICY = '/governance/v1/policy';

/** What was planned: the plan, the document, and the policy that it starts from. */
interface Planned {
  readonly plan: PolicyPlan;
  readonly before: PolicyDocument;
  readonly after: PolicyDocument;
}

/** The policy as a file that is kept in Git: taken out, compared, applied as planned. */
export function PolicyPage(): ReactNode {
  const query = useGet<PolicyDocument>(POLICY);
  return (
    <Page
      title="Policy as code"
      about="Own roles, second factors, and who holds which role, as one file that is kept in Git; the same as steward policy export, plan and apply."
      above={[['Roles', '/roles']]}
    >
      <Loaded query={query} what="the policy">
        {(document) => (
          <Stack gap="md">
            <ExportCard of={document} />
            <PlanForm before={document} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function ExportCard({ of }: { of: PolicyDocument }): ReactNode {
  const text = stringify(of);
  const download = (): void => {
    const url = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
    const link = Object.assign(document.createElement('a'), { href: url, download: 'policy.yaml' });
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Card
      title="As it is now"
      actions={
        <Button size="xs" variant="default" onClick={download}>
          Download policy.yaml
        </Button>
      }
    >
      <CodeArea small aria-label="The policy as YAML" readOnly value={text} minRows={6} maxRows={18} />
    </Card>
  );
}

function PlanForm({ before }: { before: PolicyDocument }): ReactNode {
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [planned, setPlanned] = useState<Planned | null>(null);
  const [applied, setApplied] = useState<number | null>(null);
  const queries = useQueryClient();
  const may = useMay();
  const send = useSend<PolicyPlan>();
  const change = (next: string): void => {
    setText(next);
    setFault(null);
    setPlanned(null);
    setApplied(null);
  };
  const plan = (): void => {
    setApplied(null);
    const read = readPolicy(text);
    if ('fault' in read) {
      setPlanned(null);
      setFault(read.fault);
      return;
    }
    setFault(null);
    send.mutate(
      { method: 'POST', path: `${POLICY}/plan`, body: read.document },
      { onSuccess: (found) => setPlanned({ plan: found, before, after: read.document }) },
    );
  };
  const take = async (file: File | null): Promise<void> => change(file ? await file.text() : text);
  return (
    <>
      <Card
        title="As it is to be"
        actions={
          <Group gap="xs">
            <FileButton accept=".yaml,.yml,.json" onChange={(file) => void take(file)}>
              {(props) => (
                <Button size="xs" variant="default" {...props}>
                  Open a file
                </Button>
              )}
            </FileButton>
            <Button size="xs" variant="default" onClick={() => change(stringify(before))}>
              Begin with what is
            </Button>
          </Group>
        }
      >
        <CodeArea
          small
          label="Policy in YAML or JSON"
          description="Own roles that it does not name are deleted; people whom it does not name keep what they have."
          value={text}
          error={fault}
          minRows={8}
          maxRows={24}
          onChange={({ currentTarget: { value } }) => change(value)}
        />
        <Group justify="flex-end">
          <Button size="sm" disabled={text.trim() === ''} loading={send.isPending} onClick={plan}>
            Plan
          </Button>
        </Group>
        {send.error && <ProblemNote error={send.error} />}
        {applied !== null && (
          <Text size="sm" role="status">
            {applied === 0 ? 'Nothing differed: nothing was changed.' : `${several(applied, 'step')} taken.`}
          </Text>
        )}
      </Card>
      {planned && (
        <PolicyPlanCard
          {...planned}
          actions={
            planned.plan.steps.length > 0 &&
            may('update', 'Role', null) &&
            may('update', 'User', null) && (
              <AskDialog<{ steps: PolicyPlan['steps'] }>
                label="Apply"
                doIt={`Take ${several(planned.plan.steps.length, 'step')}`}
                variant="filled"
                size="sm"
                about="All steps are taken or none, and every service follows within a second. If the policy has changed since this plan, nothing is taken."
                change={() => ({
                  method: 'POST',
                  path: `${POLICY}/apply`,
                  body: { document: planned.after, digest: planned.plan.digest },
                })}
                done={({ steps }) => {
                  setPlanned(null);
                  setApplied(steps.length);
                  void queries.invalidateQueries();
                  return null;
                }}
              />
            )
          }
        />
      )}
    </>
  );
}
