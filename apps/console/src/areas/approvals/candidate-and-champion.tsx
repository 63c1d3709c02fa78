import { Stack, Text } from '@mantine/core';
import type {
  AliasesAnswer,
  ApprovalAnswer,
  EvaluationAnswer,
  ModelVersionAnswer,
} from '@steward/client/answers';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { Loaded } from '../../parts/loaded';
import { Lineage } from '../models/lineage';
import { ReferenceComparison } from '../models/reference-comparison';
import { FairnessComparison } from './fairness-comparison';
import { MetricsComparison } from './metrics-comparison';

interface Props {
  readonly project: string;
  readonly approval: ApprovalAnswer;
}

interface Version {
  readonly version: UseQueryResult<ModelVersionAnswer>;
  readonly evaluation: UseQueryResult<EvaluationAnswer>;
}

function useVersion(project: string, model: string, version: number | null): Version {
  const path = inProject('training', project, 'models', model, 'versions', version ?? 0);
  const when = version !== null;
  return {
    version: useGet<ModelVersionAnswer>(path, { when }),
    evaluation: useGet<EvaluationAnswer>(`${path}/evaluation`, { when }),
  };
}

/** The version with the digest that the request takes the place of, from the moves of the model's aliases. */
function useReplaced(project: string, { model, replaces }: ApprovalAnswer): number | null {
  const { data } = useGet<AliasesAnswer>(inProject('training', project, 'models', model, 'aliases'), {
    when: replaces !== null,
  });
  return data?.history.find(({ digest }) => digest === replaces)?.version ?? null;
}

/** Candidate and champion side by side: figures, groups, reference of the drift tests, and where both come from. */
export function CandidateAndChampion({ project, approval }: Props): ReactNode {
  const replaced = useReplaced(project, approval);
  const candidate = useVersion(project, approval.model, approval.version);
  const champion = useVersion(project, approval.model, replaced);
  return (
    <Stack gap="md">
      <Card title="Candidate and champion">
        <Comparison approval={approval} />
        <Loaded query={candidate.evaluation} what="the evaluation">
          {(evaluation) => (
            <Stack gap="lg">
              <MetricsComparison candidate={evaluation} champion={champion.evaluation.data ?? null} />
              <FairnessComparison candidate={evaluation} champion={champion.evaluation.data ?? null} />
            </Stack>
          )}
        </Loaded>
      </Card>
      <Card title="Reference of the drift tests">
        <ReferenceComparison
          project={project}
          model={approval.model}
          candidate={approval.version}
          champion={replaced}
        />
      </Card>
      <Card title="Where they come from">
        <Stack gap="md">
          {candidate.version.data && (
            <Lineage
              project={project}
              title="Candidate"
              of={candidate.version.data}
              alias={`${approval.alias}?`}
            />
          )}
          {champion.version.data && (
            <Lineage project={project} title="Champion" of={champion.version.data} alias={approval.alias} />
          )}
        </Stack>
      </Card>
    </Stack>
  );
}

/** Both models on rows that neither has seen, which is the fair comparison. */
function Comparison({ approval: { comparison, replaces } }: { approval: ApprovalAnswer }): ReactNode {
  const figures = comparison;
  if (!figures)
    return (
      <Text size="sm" c="dimmed">
        {replaces
          ? 'The two were not compared on the same rows.'
          : 'There is no champion yet to compare with.'}
      </Text>
    );
  return (
    <Text size="sm">
      On {figures.rows} rows that are new to both, the candidate has an AUC of{' '}
      <b>{figures.candidateAuc?.toFixed(3) ?? '–'}</b>, the champion{' '}
      <b>{figures.championAuc?.toFixed(3) ?? '–'}</b>.
    </Text>
  );
}
