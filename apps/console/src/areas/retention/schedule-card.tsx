import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { DefinitionDialog } from '../../parts/definition-dialog';
import { Facts } from '../../parts/facts';
import { words } from '../../parts/format';
import { Loaded } from '../../parts/loaded';
import { Person } from '../../parts/person';
import { useYaml } from '../../parts/use-yaml';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import type { RetentionPolicyAnswer, ScheduledAnswer } from './retention-answers';
import { because, days } from './retention-words';

/** How long everything is kept and by whose word, and the policy beside the purposes. */
export function ScheduleCard({ project }: { project: string }): ReactNode {
  const at = (part: string): string => inProject('governance', project, 'retention', part);
  const schedule = useGet<{ items: readonly ScheduledAnswer[] }>(at('schedule'));
  const policy = useGet<RetentionPolicyAnswer>(at('policy'));
  return (
    <Stack gap="md">
      <Card title="How long data are kept">
        <Loaded query={schedule} what="the schedule">
          {({ items }) => (
            <DataTable<ScheduledAnswer>
              label="How long data are kept"
              rows={items}
              keyOf={(each) => `${each.class} ${each.dataset}`}
              empty="Neither a purpose nor the policy says how long data are kept: nothing is deleted by age."
              columns={[
                { header: 'Class', cell: (each) => words(each.class) },
                { header: 'Dataset', cell: ({ dataset }) => dataset ?? 'the project' },
                { header: 'Kept', cell: (each) => (each.enforced ? days(each.days) : '–') },
                { header: 'Because', cell: because },
              ]}
            />
          )}
        </Loaded>
      </Card>
      <Loaded query={policy} what="the policy">
        {(found) => <PolicyCard project={project} path={at('policy')} of={found} />}
      </Loaded>
    </Stack>
  );
}

function PolicyCard({
  project,
  path,
  of,
}: {
  project: string;
  path: string;
  of: RetentionPolicyAnswer;
}): ReactNode {
  const text = useYaml(of.policy);
  const mayChange = useMay()('update', 'Retention', project);
  const { unattended } = of.policy;
  return (
    <Card
      title="Policy beside the purposes"
      actions={
        mayChange &&
        text !== null && (
          <DefinitionDialog
            key={of.version}
            label="Change the policy"
            kind="Policy"
            name={project}
            text={text}
            doIt="Set it"
            about="rules: class, dataset (none: all) and days, of which the strictest word counts. unattended: classes of which what is due is deleted without a second person. In YAML or JSON."
            pathOf={() => path}
          />
        )
      }
    >
      <Facts
        of={[
          ['Version', of.version === 0 ? 'nobody has made one' : of.version],
          ['Changed by', of.changedBy ? <Person key="by" id={of.changedBy} /> : null],
          ['Changed', of.changedAt ? <When key="at" at={of.changedAt} /> : null],
          [
            'Deleted without a second person',
            unattended.length > 0 ? unattended.map(words).join(', ') : 'nothing',
          ],
        ]}
      />
      {of.policy.rules.length > 0 && (
        <DataTable
          label="Rules of the policy"
          rows={of.policy.rules}
          keyOf={(rule) => `${rule.class} ${rule.dataset}`}
          empty="No rule."
          columns={[
            { header: 'Class', cell: (rule) => words(rule.class) },
            { header: 'Dataset', cell: ({ dataset }) => dataset ?? 'all' },
            { header: 'Kept at most', cell: (rule) => days(rule.days) },
          ]}
        />
      )}
    </Card>
  );
}
