import { Checkbox, NumberInput, TextInput } from '@mantine/core';
import type { ApprovalPolicyAnswer, Page as Answer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject, pathWith } from '../../api/request';
import { useGet } from '../../api/use-get';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { DataTable } from '../../parts/data-table';
import { words } from '../../parts/format';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { Person } from '../../parts/person';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { gatesOf, policyOf, termsOf, type PolicySettings } from './policy-fields';

const CHAMPION = 'champion';

/** By which policy requests for an alias are decided, in each environment. */
export function PoliciesPage({ project }: { project: string }): ReactNode {
  const base = inProject('governance', project, 'approval-policies');
  const set = useGet<Answer<ApprovalPolicyAnswer>>(base);
  const standard = useGet<ApprovalPolicyAnswer>(`${base}/${CHAMPION}`);
  const mayChange = useMay()('update', 'Policy', project);
  return (
    <Page
      title="Approval policies"
      about="How many people must approve before an alias moves, whose word counts, and which gates must hold. A change holds for requests that are opened from then on; who makes it cannot approve by it."
      actions={mayChange && standard.data && <PolicyDialog base={base} from={standard.data} />}
    >
      <Loaded query={set} what="the policies">
        {({ items }) => (
          <Loaded query={standard} what="the policy of the champion">
            {(champion) => (
              <DataTable<ApprovalPolicyAnswer>
                label="Approval policies"
                rows={champion.version === 0 ? [champion, ...items] : items}
                keyOf={({ alias, environment }) => `${alias} ${environment}`}
                empty="Nobody has set a policy: the default holds."
                columns={[
                  { header: 'Alias', cell: ({ alias }) => alias },
                  {
                    header: 'Environment',
                    cell: ({ environment }) => (environment === '*' ? 'any other' : environment),
                  },
                  {
                    header: 'Who must approve',
                    cell: ({ policy }) => `${policy.approvers} of: ${policy.roles.map(words).join(', ')}`,
                  },
                  { header: 'Gates', cell: ({ policy }) => <Lines of={gatesOf(policy)} /> },
                  { header: 'Terms', cell: ({ policy }) => <Lines of={termsOf(policy)} /> },
                  { header: 'Version', cell: ({ version }) => (version === 0 ? 'default' : version) },
                  {
                    header: 'Changed',
                    cell: ({ changedBy, changedAt }) =>
                      changedAt ? (
                        <>
                          <When at={changedAt} />
                          <br />
                          by <Person id={changedBy} />
                        </>
                      ) : (
                        '–'
                      ),
                  },
                  {
                    header: 'Change',
                    cell: (each) => (mayChange ? <PolicyDialog base={base} from={each} change /> : '–'),
                  },
                ]}
              />
            )}
          </Loaded>
        )}
      </Loaded>
    </Page>
  );
}

const Lines = ({ of }: { of: readonly string[] }): ReactNode =>
  of.map((line) => <div key={line}>{line}</div>);

function PolicyDialog(props: { base: string; from: ApprovalPolicyAnswer; change?: boolean }): ReactNode {
  const { base, from, change = false } = props;
  const { approvers, gates, expiresAfterHours, delegation, roles } = from.policy;
  return (
    <AskDialog
      label={change ? 'Change' : 'New policy'}
      doIt="Set the policy"
      variant={change ? 'default' : 'filled'}
      size={change ? 'xs' : 'sm'}
      about={
        change
          ? `The policy of ${from.alias}, ${from.environment === '*' ? 'any other environment' : from.environment}.`
          : undefined
      }
      change={(fields) => ({
        method: 'PUT',
        path: pathWith(`${base}/${encodeURIComponent(change ? from.alias : fieldOf(fields, 'alias'))}`, {
          environment: change ? from.environment : fieldOf(fields, 'environment') || '*',
        }),
        body: policyOf(policySettings(fields)),
      })}
    >
      {!change && <TextInput name="alias" label="Alias" placeholder="champion" required data-autofocus />}
      {!change && <TextInput name="environment" label="Environment" description="Empty: any other" />}
      <NumberInput name="approvers" label="Approvers" min={1} max={20} defaultValue={approvers} required />
      <TextInput
        name="roles"
        label="Roles whose word counts"
        description="Separated by commas; each must have the right to approve"
        defaultValue={roles.join(', ')}
        required
      />
      <NumberInput
        name="auc"
        label="Smallest AUC"
        description="Empty: not asked for"
        min={0}
        max={1}
        step={0.01}
        defaultValue={gates.minimumAuc ?? ''}
      />
      <NumberInput
        name="parity"
        label="Smallest demographic parity ratio"
        description="Empty: not asked for"
        min={0}
        max={1}
        step={0.01}
        defaultValue={gates.minimumDemographicParityRatio ?? ''}
      />
      <Checkbox
        name="sensitive"
        label="No sensitive column among the inputs"
        defaultChecked={gates.noSensitiveInputs}
      />
      <NumberInput
        name="hours"
        label="Expires after hours"
        description="Empty: never"
        min={1}
        max={8760}
        defaultValue={expiresAfterHours ?? ''}
      />
      <Checkbox name="delegation" label="Approval may be delegated" defaultChecked={delegation} />
    </AskDialog>
  );
}

function policySettings(fields: FormData): PolicySettings {
  const of = (name: string): string => fieldOf(fields, name);
  return {
    approvers: of('approvers'),
    roles: of('roles'),
    auc: of('auc'),
    parity: of('parity'),
    hours: of('hours'),
    sensitive: fields.get('sensitive') !== null,
    delegation: fields.get('delegation') !== null,
  };
}
