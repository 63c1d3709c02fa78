import { Checkbox, Group, NativeSelect, NumberInput, TagsInput } from '@mantine/core';
import type { DecisionPolicyAnswer, ModelAnswer, Page } from '@steward/client/answers';
import { useState, type ReactNode } from 'react';
import { Problem } from '../../api/problem';
import { inProject } from '../../api/request';
import { useGet } from '../../api/use-get';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { Card } from '../../parts/card';
import { Facts } from '../../parts/facts';
import { Loading } from '../../parts/loading';
import { Person } from '../../parts/person';
import { ProblemNote } from '../../parts/problem-note';
import { useFilters } from '../../parts/use-filters';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { policyText } from './policy-text';

/** Which decisions of a model people make. */
export function DecisionPolicyCard({ project }: { project: string }): ReactNode {
  const [{ model }, filter] = useFilters(['model']);
  const models = useGet<Page<ModelAnswer>>(inProject('training', project, 'models'), {
    query: { limit: 200 },
  });
  const names = models.data?.items.map((each) => each.model) ?? [];
  const chosen = model || names[0];
  return (
    <Card title="Policy">
      <NativeSelect
        size="xs"
        w={240}
        label="Model"
        value={chosen ?? ''}
        data={names}
        onChange={({ currentTarget: { value } }) => filter({ model: value })}
      />
      {chosen !== undefined && <Policy project={project} model={chosen} />}
    </Card>
  );
}

function Policy({ project, model }: { project: string; model: string }): ReactNode {
  const path = inProject('governance', project, 'decision-policies', model);
  const { data, error, isPlaceholderData } = useGet<DecisionPolicyAnswer>(path);
  const mayWrite = useMay()('update', 'ProcessingRecord', project);
  const none = error instanceof Problem && error.code === 'GOVERNANCE.DECISION_POLICY_NOT_FOUND';
  if (error && !none) return <ProblemNote error={error} />;
  if (isPlaceholderData || (!data && !none)) return <Loading what="the policy" />;
  const found = none ? undefined : data;
  return (
    <>
      <Facts
        of={[
          ['Held', policyText(found?.policy ?? null)],
          ['Version', found?.version ?? null],
          ['Changed by', found ? <Person key="by" id={found.changedBy} /> : null],
          ['Changed', found ? <When key="when" at={found.changedAt} /> : null],
        ]}
      />
      {mayWrite && (
        <Group>
          <ChangePolicy key={`${model} ${found?.version ?? 0}`} path={path} before={found?.policy ?? null} />
        </Group>
      )}
    </>
  );
}

function ChangePolicy({
  path,
  before,
}: {
  path: string;
  before: DecisionPolicyAnswer['policy'] | null;
}): ReactNode {
  const [labels, setLabels] = useState<string[]>([...(before?.labels ?? [])]);
  return (
    <AskDialog
      label="Change the policy"
      doIt="Save"
      about="Inference holds to it within a second. A row is held for its label, or for its score, whichever applies."
      change={(fields) => ({
        method: 'PUT',
        path,
        body: { active: fields.has('active'), labels, band: bandOf(fields) },
      })}
    >
      <Checkbox name="active" label="Decisions are held" defaultChecked={before?.active ?? true} />
      <TagsInput label="Of these labels" value={labels} onChange={setLabels} maxTags={20} />
      <Group grow>
        <NumberInput
          name="from"
          label="Score from"
          min={0}
          max={1}
          step={0.05}
          defaultValue={before?.band?.from}
        />
        <NumberInput name="to" label="to" min={0} max={1} step={0.05} defaultValue={before?.band?.to} />
      </Group>
    </AskDialog>
  );
}

function bandOf(fields: FormData): { from: number; to: number } | null {
  const [from, to] = [fieldOf(fields, 'from'), fieldOf(fields, 'to')];
  return from === '' && to === '' ? null : { from: Number(from || 0), to: Number(to || 1) };
}
