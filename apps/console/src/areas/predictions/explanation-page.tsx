import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { Facts } from '../../parts/facts';
import { count, figure } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Mono } from '../../parts/mono';
import { Page } from '../../parts/page';
import { ContributionsCard } from './contributions-card';
import { CounterfactualsCard } from './counterfactuals-card';
import type { ExplainedRowAnswer, PredictionExplanationAnswer } from './explanation-answers';
import { methodText, signed, unitsText } from './explanation-words';

interface Props {
  readonly project: string;
  readonly prediction: string;
  readonly row: string;
}

/** Why a row was predicted as it was: the same figures as when it was made, from the log and the model's bytes. */
export function ExplanationPage({ project, prediction, row }: Props): ReactNode {
  const path = inProject('inference', project, 'predictions', prediction, row, 'explanation');
  const query = useGet<PredictionExplanationAnswer>(path);
  return (
    <Page
      title={`Prediction ${prediction.slice(-8)}, row ${row}`}
      about="What each column of the contract did to the model's score, from the prediction log and the bytes of the version that answered. Who looks is in the audit log."
      above={[['Deployments', pageOf(project, 'deployments')]]}
    >
      <Loaded query={query} what="the explanation">
        {(explanation) => {
          const [explained] = explanation.rows;
          if (!explained) return <Text size="sm">The log has no such row.</Text>;
          return (
            <Stack gap="md">
              <Basis project={project} of={explanation} row={explained} />
              {explained.held ? (
                <HeldNote project={project} />
              ) : (
                <>
                  <ContributionsCard of={explanation} row={explained} />
                  <CounterfactualsCard
                    path={path}
                    columns={explained.contributions.map(({ column }) => column)}
                  />
                </>
              )}
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}

function HeldNote({ project }: { project: string }): ReactNode {
  return (
    <Card title="Left to a person">
      <Text size="sm">
        The model decided nothing here, so there is nothing to explain. What a person decided, and why, stands
        with the held decisions.
      </Text>
      <Go to={pageOf(project, 'held-decisions')}>Held decisions</Go>
    </Card>
  );
}

function Basis({
  project,
  of,
  row,
}: {
  project: string;
  of: PredictionExplanationAnswer;
  row: ExplainedRowAnswer;
}): ReactNode {
  const { model, version, digest, classes, base, base_rows: rows, method, calibrated } = of;
  const positive = classes[1] ?? 'the positive class';
  return (
    <Card title="Prediction">
      <Facts
        of={[
          ['Decided', row.held ? 'by a person' : row.label],
          [`Probability of ${positive}`, row.held ? null : figure(row.probability, 4)],
          [
            'Model',
            <Go key="model" to={pageOf(project, 'models', model, version)}>
              {`${model} version ${version}`}
            </Go>,
          ],
          ['Bytes', <Mono key="digest" of={digest} length={16} />],
          ['Method', methodText(method)],
          ['Counted in', unitsText(of)],
          ['Reference point', `${signed(base)}: expected over ${count(rows)} training rows`],
          ['Margin', row.held ? null : `${signed(row.margin)}: the reference point and all contributions`],
          ['Calibration', calibrated ? 'lies between margin and probability' : 'none'],
          ['Prediction', row.prediction],
        ]}
      />
    </Card>
  );
}
