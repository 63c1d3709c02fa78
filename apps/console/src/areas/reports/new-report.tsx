import { NativeSelect, TextInput } from '@mantine/core';
import type { Page, ReportAnswer } from '@steward/client/answers';
import { useState, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { inProject } from '../../api/request';
import { useGet } from '../../api/use-get';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { useMay } from '../../session/use-may';
import { REPORT_KINDS, REPORTS, type ReportNeed } from './report-kinds';

const MOST = 200;

/** The beginning of a day, in UTC as the report says it; undefined where no day is given. */
const dayOf = (text: string): string | undefined => (text === '' ? undefined : `${text}T00:00:00.000Z`);

/** Has a report made. It is made of what the services have told so far, and shown when it is ready. */
export function NewReport({ project, kind }: { project?: string; kind?: string }): ReactNode {
  const [, go] = useLocation();
  return (
    <AskDialog<ReportAnswer>
      label="New report"
      doIt="Make the report"
      variant="filled"
      size="sm"
      about="It is made from the events and artifacts of the period, signed, and entered into the audit log. This takes some seconds."
      change={(fields) => ({
        method: 'POST',
        path: REPORTS,
        body: {
          kind: fieldOf(fields, 'kind'),
          project: fieldOf(fields, 'project') || null,
          model: fieldOf(fields, 'model') || null,
          dataset: fieldOf(fields, 'dataset') || null,
          from: dayOf(fieldOf(fields, 'from')),
          to: dayOf(fieldOf(fields, 'to')),
        },
      })}
      done={({ id }) => {
        go(`/reports/${encodeURIComponent(id)}`);
        return null;
      }}
    >
      <ReportScope fixedProject={project} fixedKind={kind} />
      <TextInput name="from" label="From (UTC)" description="Empty: from the beginning" type="date" />
      <TextInput name="to" label="Until, not including (UTC)" description="Empty: until now" type="date" />
    </AskDialog>
  );
}

function ReportScope({ fixedProject, fixedKind }: { fixedProject?: string; fixedKind?: string }): ReactNode {
  const may = useMay();
  const [project, setProject] = useState(fixedProject ?? '');
  const offered = REPORT_KINDS.filter(
    ({ kind, aboutPeople }) =>
      (fixedKind === undefined || kind === fixedKind) &&
      (!aboutPeople || may('read', 'User', project === '' ? null : project)),
  );
  const [chosen, setKind] = useState(fixedKind ?? 'model-card');
  const { kind, needs } = offered.find((each) => each.kind === chosen) ?? offered[0]!;
  return (
    <>
      <NativeSelect
        name="kind"
        label="Kind"
        data-autofocus
        value={kind}
        onChange={({ currentTarget: { value } }) => setKind(value)}
        data={offered.map((each) => ({ value: each.kind, label: each.title }))}
      />
      <ProjectField needs={needs} project={project} onProject={setProject} />
      {project !== '' && needs === 'model' && <ThingField project={project} of="model" />}
      {project !== '' && needs === 'dataset' && <ThingField project={project} of="dataset" />}
    </>
  );
}

function ProjectField(props: {
  needs: ReportNeed;
  project: string;
  onProject: (project: string) => void;
}): ReactNode {
  const { data } = useGet<Page<{ project: string }>>('/governance/v1/projects', { query: { limit: 1000 } });
  return (
    <NativeSelect
      name="project"
      label="Project"
      required={props.needs !== 'installation'}
      value={props.project}
      onChange={({ currentTarget: { value } }) => props.onProject(value)}
      data={[
        {
          value: '',
          label: props.needs === 'installation' ? 'the whole installation' : 'Choose a project',
        },
        ...(data?.items.map(({ project }) => project) ?? []),
      ]}
    />
  );
}

/** A model or a dataset of the project. */
function ThingField({ project, of }: { project: string; of: 'model' | 'dataset' }): ReactNode {
  const [service, things] =
    of === 'model' ? (['training', 'models'] as const) : (['ingestion', 'datasets'] as const);
  const { data, error } = useGet<Page<Readonly<Record<string, unknown>>>>(
    inProject(service, project, things),
    {
      query: { limit: MOST },
    },
  );
  const names = data?.items.map((each) => String(each[of])) ?? [];
  return (
    <NativeSelect
      name={of}
      label={of === 'model' ? 'Model' : 'Dataset'}
      required
      error={error ? error.message : data && names.length === 0 ? `The project has no ${of} yet.` : undefined}
      data={names}
    />
  );
}
