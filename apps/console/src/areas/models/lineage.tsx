import { Text } from '@mantine/core';
import type { ModelVersionAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { idText } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Mono } from '../../parts/mono';
import classes from './lineage.module.css';

interface Props {
  readonly project: string;
  readonly title: string;
  readonly of: ModelVersionAnswer;
  readonly alias?: string;
}

interface Node {
  readonly kind: string;
  readonly name: ReactNode;
  readonly digest: string | null;
}

/** The chain from data to model: each step with the digest of its bytes. */
export function Lineage({ project, title, of, alias }: Props): ReactNode {
  const { descriptor } = of;
  const to = (...rest: (string | number)[]) => pageOf(project, ...rest);
  const nodes: Node[] = [
    {
      kind: 'contract',
      name: `version ${descriptor.contractVersion}`,
      digest: descriptor.contractDigest,
    },
    {
      kind: 'dataset',
      name: (
        <Go to={to('datasets', descriptor.dataset)}>
          {descriptor.dataset} version {descriptor.datasetVersion}
        </Go>
      ),
      digest: descriptor.datasetDigest,
    },
    {
      kind: 'pipeline',
      name: <Go to={to('pipelines', descriptor.pipeline)}>{descriptor.pipeline}</Go>,
      digest: null,
    },
    { kind: 'run', name: <Go to={to('runs', of.runId)}>{idText(of.runId)}</Go>, digest: null },
    {
      kind: 'model',
      name: (
        <Go to={to('models', of.model, of.version)}>
          {of.model} version {of.version}
        </Go>
      ),
      digest: of.digest,
    },
    ...(alias ? [{ kind: 'alias', name: alias, digest: null }] : []),
  ];
  return (
    <div>
      <Text size="sm" fw={600} mb={6}>
        {title}
      </Text>
      <ol className={classes.chain} aria-label={`Lineage of ${of.model} version ${of.version}`}>
        {nodes.map(({ kind, name, digest }) => (
          <li key={kind} className={classes.node} data-kind={kind}>
            <span className={classes.kind}>{kind}</span>
            <span className={classes.name}>{name}</span>
            {digest && <Mono of={digest} length={10} />}
          </li>
        ))}
      </ol>
    </div>
  );
}
