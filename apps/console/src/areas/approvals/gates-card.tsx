import { Textarea } from '@mantine/core';
import type { ApprovalAnswer, GateAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { figure, words } from '../../parts/format';
import { Person } from '../../parts/person';
import { State } from '../../parts/tone';
import { useMay } from '../../session/use-may';

/** What must hold before the alias moves, and a waiver for who may give one. */
export function GatesCard({ project, approval }: { project: string; approval: ApprovalAnswer }): ReactNode {
  const mayWaive = useMay()('waive', 'ApprovalRequest', project) && approval.state === 'open';
  return (
    <Card title="Gates">
      <DataTable<GateAnswer>
        label="Gates"
        rows={approval.gates}
        keyOf={({ gate }) => gate}
        empty="The policy asks for nothing."
        columns={[
          { header: 'Gate', cell: ({ gate }) => words(gate) },
          {
            header: 'Result',
            cell: ({ passed, waivedBy }) => <State of={passed ? 'passed' : waivedBy ? 'waived' : 'failed'} />,
          },
          { header: 'Measured', figures: true, cell: ({ value }) => figure(value) },
          { header: 'Bound', figures: true, cell: ({ bound }) => bound },
          { header: 'In words', cell: ({ message }) => message },
          {
            header: 'Waiver',
            cell: (gate) =>
              gate.waivedBy ? (
                <Person id={gate.waivedBy} />
              ) : !gate.passed && mayWaive ? (
                <Waive project={project} id={approval.id} gate={gate.gate} />
              ) : (
                '–'
              ),
          },
        ]}
      />
    </Card>
  );
}

function Waive({ project, id, gate }: { project: string; id: string; gate: string }): ReactNode {
  return (
    <AskDialog
      label="Waive"
      about={`The gate "${words(gate)}" failed. A waiver lets the request be approved all the same; it is kept with your name and reason.`}
      change={(fields) => ({
        method: 'POST',
        path: `${inProject('governance', project, 'approvals', id)}/waive`,
        body: { gate, reason: fieldOf(fields, 'reason') },
      })}
    >
      <Textarea name="reason" label="Reason" required minLength={3} maxLength={2000} autosize minRows={3} />
    </AskDialog>
  );
}
