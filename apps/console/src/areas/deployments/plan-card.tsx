import { Code } from '@mantine/core';
import type { ModelDeploymentAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { Card } from '../../parts/card';
import { DefinitionDialog } from '../../parts/definition-dialog';
import { Loading } from '../../parts/loading';
import { useYaml } from '../../parts/use-yaml';
import { useMay } from '../../session/use-may';

interface Props {
  readonly project: string;
  readonly path: string;
  readonly of: ModelDeploymentAnswer;
}

/** As the documentation has it; the service keeps no order. */
const PARTS = [
  'sticky',
  'canary',
  'shadow',
  'arms',
  'versions',
  'labels',
  'log',
  'limits',
  'round',
  'domain',
];

const inOrder = (plan: ModelDeploymentAnswer['plan']): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(plan).toSorted(([left], [right]) => PARTS.indexOf(left) - PARTS.indexOf(right)),
  );

/** The plan as people write it. What inference refuses is shown at its lines. */
export function PlanCard({ project, path, of }: Props): ReactNode {
  const text = useYaml(inOrder(of.plan));
  const mayChange = useMay()('update', 'Deployment', project);
  return (
    <Card
      title="Plan"
      actions={
        mayChange &&
        text !== null && (
          <DefinitionDialog
            key={of.planVersion}
            label="Change the plan"
            kind="Model"
            name={of.model}
            text={text}
            doIt="Set it"
            about="Canary, shadow, arms, versions, labels and log (required, buffered, sampled). In YAML or JSON."
            pathOf={() => path}
          />
        )
      }
    >
      {text === null ? (
        <Loading what="the plan" />
      ) : (
        <Code block tabIndex={0} aria-label="Plan">
          {text}
        </Code>
      )}
    </Card>
  );
}
