import { Button, Stack } from '@mantine/core';
import type { RecordAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Facts } from '../../parts/facts';
import { count, words } from '../../parts/format';
import { Loaded } from '../../parts/loaded';
import { Mono } from '../../parts/mono';
import { Toned } from '../../parts/tone';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { purposeColumns } from './purpose-columns';
import { contactText } from './purpose-words';
import { ProcessingSettingsDialog } from './processing-settings-dialog';

/** The generated record, with what is missing in it and who owes that. */
export function RecordOfProcessing({ project }: { project: string }): ReactNode {
  const path = inProject('governance', project, 'processing', 'record');
  const query = useGet<RecordAnswer>(path);
  const mayWrite = useMay()('update', 'ProcessingRecord', project);
  return (
    <Loaded query={query} what="the record of processing">
      {(record) => (
        <Stack gap="md">
          <Card
            title="Record"
            actions={
              <>
                {mayWrite && <ProcessingSettingsDialog project={project} settings={record} />}
                <Button
                  component="a"
                  href={path}
                  download={`record-of-processing-${project}.json`}
                  size="xs"
                  variant="default"
                >
                  Download (JSON)
                </Button>
              </>
            }
          >
            <Facts
              of={[
                ['Controller', contactText(record.controller)],
                ['Representative', record.representative && contactText(record.representative)],
                ['Data protection officer', contactText(record.dataProtectionOfficer)],
                [
                  'Purposes',
                  record.purposeRequired
                    ? 'required: what is bound to none is refused'
                    : 'enforced where something is bound',
                ],
                ['Generated', <When key="when" at={record.generatedAt} />],
                ['Digest', <Mono key="digest" of={record.digest} length={24} />],
              ]}
            />
          </Card>
          <Gaps gaps={record.gaps} />
          <Processed project={project} record={record} />
          <Insiders record={record} />
        </Stack>
      )}
    </Loaded>
  );
}

function Gaps({ gaps }: Pick<RecordAnswer, 'gaps'>): ReactNode {
  return (
    <Card title="What is missing">
      <DataTable
        label="What is missing in the record, and who owes it"
        rows={gaps}
        keyOf={({ about, missing }) => `${about} ${missing}`}
        empty="Nothing is missing, as far as it can be seen from here."
        columns={[
          { header: 'Missing', cell: ({ missing }) => missing },
          { header: 'About', cell: ({ about }) => about },
          { header: 'Owed by', cell: ({ owedBy }) => <Toned tone="warn">{words(owedBy)}</Toned> },
        ]}
      />
    </Card>
  );
}

function Processed({ project, record }: { project: string; record: RecordAnswer }): ReactNode {
  return (
    <Card title="Processing">
      <DataTable
        label="Purposes of the record"
        rows={record.purposes}
        keyOf={({ purpose }) => purpose}
        empty="No purpose has been written yet."
        columns={[
          ...purposeColumns(project),
          { header: 'Of whom', cell: ({ subjectCategories }) => subjectCategories.join(', ') || '–' },
          { header: 'Data', cell: ({ dataCategories }) => dataCategories.join(', ') || '–' },
          {
            header: 'Recipients',
            cell: ({ recipients }) =>
              recipients.map(({ name, country }) => `${name} (${country})`).join(', ') || 'none',
          },
          {
            header: 'Kept',
            cell: ({ retention }) =>
              retention.map((each) => `${words(each.class)} ${count(each.days)} days`).join(', ') || '–',
          },
          {
            header: 'Bound',
            cell: ({ bound }) => bound.map(({ kind, name }) => `${kind} ${name}`).join(', ') || 'nothing',
          },
        ]}
      />
    </Card>
  );
}

function Insiders({ record: { recipientsInside, securityMeasures } }: { record: RecordAnswer }): ReactNode {
  return (
    <Card title="Inside, and how it is protected">
      <DataTable
        label="Roles of people who may reach the data"
        rows={recipientsInside}
        keyOf={({ role }) => role}
        empty="Nobody holds a role in this project."
        columns={[
          { header: 'Role', cell: ({ role }) => words(role) },
          { header: 'People', figures: true, cell: ({ people }) => count(people) },
        ]}
      />
      <DataTable
        label="Security measures"
        rows={securityMeasures}
        keyOf={({ measure }) => measure}
        empty="None is listed."
        columns={[
          { header: 'Measure', cell: ({ measure }) => measure },
          { header: 'Shown by', cell: ({ shownBy }) => shownBy },
        ]}
      />
    </Card>
  );
}
