import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { several } from '../../parts/format';
import { Toned, type Tone } from '../../parts/tone';
import classes from './policy-plan-card.module.css';
import { roleDiff, stepWords, type PolicyDocument, type PolicyPlan, type StepSign } from './policy-steps';

const TONES: Readonly<Record<StepSign, Tone>> = { new: 'good', changed: 'info', gone: 'bad' };

interface PolicyPlanCardProps {
  readonly plan: PolicyPlan;
  readonly before: PolicyDocument;
  readonly after: PolicyDocument;
  readonly actions: ReactNode;
}

/** The steps of a plan, and what becomes of the rules of roles line by line. */
export function PolicyPlanCard({ plan: { steps }, before, after, actions }: PolicyPlanCardProps): ReactNode {
  const changes = steps.flatMap((step) => {
    const lines = roleDiff(step, before, after);
    return lines === null ? [] : [{ step, lines }];
  });
  return (
    <Card title="What would change" actions={actions}>
      <Text size="sm" role="status">
        {steps.length === 0 ? 'Nothing differs.' : `${several(steps.length, 'step')}, all or none.`}
      </Text>
      {steps.length > 0 && (
        <DataTable
          label="Steps"
          rows={steps}
          keyOf={({ kind, role, user, project }) => `${kind} ${role} ${user} ${project}`}
          empty="Nothing differs."
          columns={[
            {
              header: 'Step',
              cell: (step) => <Toned tone={TONES[stepWords(step).sign]}>{stepWords(step).sign}</Toned>,
            },
            { header: 'What', cell: (step) => stepWords(step).what },
            { header: 'Of', cell: (step) => stepWords(step).of },
          ]}
        />
      )}
      {changes.map(({ step, lines }) => (
        <figure key={step.role} className={classes.change}>
          <figcaption>Rules of {step.role}</figcaption>
          <pre className={classes.lines} tabIndex={0} aria-label={`Rules of ${step.role}, before and after`}>
            {lines.map(({ sign, text }, at) => (
              <div key={at} data-sign={sign}>
                {sign} {text}
              </div>
            ))}
          </pre>
        </figure>
      ))}
    </Card>
  );
}
