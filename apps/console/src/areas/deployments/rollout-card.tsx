import { Stack } from '@mantine/core';
import type { CanaryGateAnswer, Page, RolloutAnswer, RolloutLookAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { LIVE_MS, useGet } from '../../api/use-get';
import { ChartFrame, Lines } from '../../charts';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Facts } from '../../parts/facts';
import { count, figure, several, words } from '../../parts/format';
import { Go, pageOf } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { State, Toned, type Tone } from '../../parts/tone';
import { When } from '../../parts/when';
import { gateSeries } from './gate-series';
import { limitsText } from './limits-text';

interface Props {
  readonly project: string;
  readonly model: string;
  readonly path: string;
  readonly of: RolloutAnswer;
}

const TONES: Readonly<Record<CanaryGateAnswer['verdict'], Tone>> = {
  harm: 'bad',
  pass: 'good',
  waiting: 'warn',
};
const STATES: Readonly<Record<RolloutAnswer['state'], Tone>> = {
  running: 'info',
  promotion_requested: 'warn',
  promoted: 'good',
  rolled_back: 'bad',
  superseded: 'quiet',
};

/** A canary's way: its step, each gate with its limits, how they moved, and every move with its reason. */
export function RolloutCard({ project, model, path, of }: Props): ReactNode {
  return (
    <Card title="Canary">
      <Facts
        of={[
          ['State', <State key="state" of={of.state} tone={STATES[of.state]} />],
          ['Because', words(of.reason)],
          [
            'Version',
            <Go key="version" to={pageOf(project, 'models', model, of.version)}>
              {`version ${of.version} beside version ${of.championVersion}`}
            </Go>,
          ],
          ['Step', `${of.step + 1} of ${of.steps.length}: ${of.steps.join(' %, ')} %`],
          ['Answers now', `${figure(of.percent, 1)} %`],
          ['Falsely rolled back at most', `${figure(of.falseRollbackRate * 100, 2)} % of good canaries`],
          ['Began', <When key="began" at={of.startedAt} />],
          ['This step since', <When key="step" at={of.stepAt} />],
          ['Ended', of.endedAt ? <When key="ended" at={of.endedAt} /> : null],
        ]}
      />
      <DataTable
        label="Gates of the canary"
        rows={of.gates}
        keyOf={({ gate }) => gate}
        empty="It has ended: its gates are not judged any more."
        columns={[
          { header: 'Gate', cell: ({ gate }) => words(gate) },
          { header: 'Verdict', cell: ({ verdict }) => <Toned tone={TONES[verdict]}>{verdict}</Toned> },
          { header: 'Worse by', cell: ({ difference }) => limitsText(difference, figure) },
          { header: 'Goes back above', figures: true, cell: ({ tolerance }) => figure(tolerance) },
          { header: 'Passes below', figures: true, cell: ({ margin }) => figure(margin) },
          {
            header: 'Observed',
            figures: true,
            cell: ({ observed, minimum }) => `${count(observed)} of ${count(minimum)}`,
          },
        ]}
      />
      <Looks path={`${path}/rollout-looks`} going={of.endedAt === null} />
      <DataTable
        label="Moves of the canary"
        rows={of.moves}
        keyOf={({ movedAt, state, step }) => `${movedAt} ${state} ${step}`}
        empty="It has not moved."
        columns={[
          { header: 'Moved to', cell: ({ state }) => words(state) },
          { header: 'Step', figures: true, cell: ({ step }) => step + 1 },
          { header: 'Share', figures: true, cell: ({ percent }) => `${figure(percent, 1)} %` },
          { header: 'Why', cell: ({ reason }) => words(reason) },
          { header: 'When', cell: ({ movedAt }) => <When at={movedAt} /> },
        ]}
      />
    </Card>
  );
}

function Looks({ path, going }: { path: string; going: boolean }): ReactNode {
  const query = useGet<Page<RolloutLookAnswer>>(path, going ? { every: LIVE_MS } : {});
  return (
    <Loaded query={query} what="how the gates stood over time">
      {({ items }) => (
        <Stack gap="md">
          {gateSeries(items).map(({ gate, rows, tolerance }) => (
            <ChartFrame
              key={gate}
              title={`${words(gate)}: worse by, with limits, over ${several(rows.length, 'look')}`}
              rows={rows}
              keyOf={({ at }) => at}
              columns={[
                { header: 'When', cell: ({ at }) => <When at={at} /> },
                { header: 'Step', figures: true, cell: ({ step }) => step + 1 },
                { header: 'Worse by', figures: true, cell: ({ value }) => figure(value) },
                { header: 'At least', figures: true, cell: ({ lower }) => figure(lower) },
                { header: 'At most', figures: true, cell: ({ upper }) => figure(upper) },
                { header: 'Observed', figures: true, cell: ({ observed }) => count(observed) },
              ]}
            >
              <Lines
                rows={rows.map(({ label, value, lower, upper }) => ({
                  label,
                  'worse by': value,
                  'at least': lower,
                  'at most': upper,
                }))}
                series={['worse by', 'at least', 'at most']}
                format={(value) => figure(value)}
                bound={{ at: tolerance, label: 'goes back above' }}
              />
            </ChartFrame>
          ))}
        </Stack>
      )}
    </Loaded>
  );
}
