import { NativeSelect, TextInput } from '@mantine/core';
import type { ModelDeploymentAnswer, ModelVersionAnswer, Page } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { useGet } from '../../api/use-get';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { useMay } from '../../session/use-may';

interface Props {
  readonly project: string;
  readonly path: string;
  readonly of: ModelDeploymentAnswer;
}

/** Move the canary, take the model out of service or back into it, and ask for an alias. */
export function DeploymentActions({ project, path, of }: Props): ReactNode {
  const may = useMay();
  const mayChange = may('update', 'Deployment', project);
  const repository = `/v2/repository/models/${encodeURIComponent(of.name)}`;
  return (
    <>
      {mayChange && of.rollout?.state === 'running' && (
        <AskDialog
          label="Advance the canary"
          doIt="Advance"
          about="One step on, whatever its gates say."
          change={() => ({ method: 'POST', path: `${path}/advance` })}
        />
      )}
      {mayChange && (of.rollout?.state === 'running' || of.rollout?.state === 'promotion_requested') && (
        <AskDialog
          label="Roll back the canary"
          doIt="Roll back"
          danger
          about="The champion answers all requests again, at once."
          change={() => ({ method: 'POST', path: `${path}/rollback` })}
        />
      )}
      {may('create', 'ApprovalRequest', project) && <AskForAlias project={project} model={of.model} />}
      {mayChange && of.traffic.length > 0 && (
        <AskDialog
          label="Take out of service"
          danger
          about="It answers nothing until it is put back."
          change={() => ({ method: 'POST', path: `${repository}/unload`, body: {} })}
        />
      )}
      {mayChange && of.traffic.length === 0 && (
        <AskDialog
          label="Put into service"
          variant="filled"
          about="The approved version is loaded; one that was refused is tried once more."
          change={() => ({ method: 'POST', path: `${repository}/load`, body: {} })}
        />
      )}
    </>
  );
}

function AskForAlias({ project, model }: { project: string; model: string }): ReactNode {
  const versions = useGet<Page<ModelVersionAnswer>>(
    inProject('training', project, 'models', model, 'versions'),
    { query: { limit: 100 } },
  );
  return (
    <AskDialog
      label="Ask for an alias"
      doIt="Ask"
      about="Governance is asked whether the alias may point to this version; an approver decides."
      change={(fields) => ({
        method: 'POST',
        path: inProject(
          'training',
          project,
          'models',
          model,
          'versions',
          fieldOf(fields, 'version'),
          'approval-requests',
        ),
        body: { alias: fieldOf(fields, 'alias') },
      })}
    >
      <NativeSelect
        name="version"
        label="Version"
        data={versions.data?.items.map(({ version }) => String(version)) ?? []}
      />
      <TextInput name="alias" label="Alias" defaultValue="canary" required />
    </AskDialog>
  );
}
