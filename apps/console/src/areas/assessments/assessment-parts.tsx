import { Stack, Title } from '@mantine/core';
import type { AssessmentBodyAnswer, GeneratedAssessmentAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { DataTable } from '../../parts/data-table';
import { Facts } from '../../parts/facts';
import { count, figure, figureName, several } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Mono } from '../../parts/mono';
import { Prose } from '../../parts/prose';
import { Toned, type Tone } from '../../parts/tone';
import { purposeColumns } from '../records/purpose-columns';

const TONES: Readonly<Record<string, Tone>> = { low: 'good', medium: 'warn', high: 'bad' };
const Level = ({ of }: { of: string }): ReactNode => <Toned tone={TONES[of] ?? 'quiet'}>{of}</Toned>;

/** What people wrote (Art. 35(7)(b) to (d)). */
export function WrittenPart({ of }: { of: AssessmentBodyAnswer }): ReactNode {
  return (
    <Stack gap="sm">
      <Part title="Necessity and proportionality" text={of.necessity} />
      <DataTable
        label="Risks and measures"
        rows={of.risks}
        keyOf={({ risk, measures }) => `${risk} ${measures}`}
        empty="No risk is named."
        columns={[
          { header: 'Risk', cell: ({ risk }) => <Prose of={risk} /> },
          { header: 'Likelihood', cell: ({ likelihood }) => <Level of={likelihood} /> },
          { header: 'Severity', cell: ({ severity }) => <Level of={severity} /> },
          { header: 'Measures', cell: ({ measures }) => <Prose of={measures} /> },
          { header: 'Remains', cell: ({ residual }) => <Level of={residual} /> },
        ]}
      />
      <Part title="Views of the subjects" text={of.viewsOfSubjects} />
      <Part title="Advice of the data protection officer" text={of.officerAdvice} />
    </Stack>
  );
}

const Part = ({ title, text }: { title: string; text: string }): ReactNode => (
  <div>
    <Title order={3} fz="sm">
      {title}
    </Title>
    <Prose of={text} />
  </div>
);

/** What is filled in from lineage, figures and the books (Art. 35(7)(a)). */
export function GeneratedPart({
  project,
  of: { model, scope, fairness, purposes, risk, riskGrounds },
}: {
  project: string;
  of: GeneratedAssessmentAnswer;
}): ReactNode {
  return (
    <Stack gap="sm">
      <Facts
        of={[
          ['Risk of the use', risk ?? 'nobody has classed it yet'],
          ['Because', riskGrounds && <Prose key="grounds" of={riskGrounds} />],
          ['Version', model.version],
          ['Digest', <Mono key="digest" of={model.digest} />],
          [
            'Run',
            <Go key="run" to={pageOf(project, 'runs', model.runId)}>
              {model.runId.slice(-8)}
            </Go>,
          ],
          ['Data', `${scope.dataset} version ${model.datasetVersion}`],
          ['Inputs', scope.inputs.join(', ') || 'none'],
          ['Sensitive columns', scope.sensitive.join(', ') || 'none'],
          ['Fairness by', scope.groups.join(', ') || 'nothing'],
        ]}
      />
      <DataTable
        label="Purposes that the model is bound to"
        rows={purposes}
        keyOf={({ purpose }) => purpose}
        empty="The model is bound to no purpose."
        columns={[
          ...purposeColumns(project),
          { header: 'Recipients', cell: ({ recipients }) => several(recipients.length, 'recipient') },
          {
            header: 'By machine alone',
            cell: ({ automatedDecisions }) => (automatedDecisions ? 'yes' : 'no'),
          },
        ]}
      />
      <DataTable
        label="Figures and fairness"
        // The figures of the approval hold those of the version too.
        rows={Object.entries({ ...model.metrics, ...fairness }).map(([name, value]) => ({ name, value }))}
        keyOf={({ name }) => name}
        empty="No figure was measured."
        columns={[
          { header: 'Figure', cell: ({ name }) => figureName(name) },
          {
            header: 'Value',
            figures: true,
            cell: ({ value }) => (Number.isInteger(value) ? count(value) : figure(value)),
          },
        ]}
      />
    </Stack>
  );
}
