import { Group } from '@mantine/core';
import type { GateAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { words } from '../../parts/format';
import { Toned } from '../../parts/tone';

/** Gates that failed, or that all passed. */
export function GateMarks({ gates }: { gates: readonly GateAnswer[] }): ReactNode {
  const failed = gates.filter(({ passed }) => !passed);
  if (failed.length === 0) return <Toned tone="good">all passed</Toned>;
  return (
    <Group gap={4}>
      {failed.map(({ gate, waivedBy }) => (
        <Toned key={gate} tone={waivedBy ? 'warn' : 'bad'}>
          {words(gate)}
          {waivedBy ? ' waived' : ' failed'}
        </Toned>
      ))}
    </Group>
  );
}
