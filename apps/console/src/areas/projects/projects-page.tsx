import { TextInput } from '@mantine/core';
import type { RequestLimits } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { Go, pageOf } from '../../parts/go';
import { Page } from '../../parts/page';
import { PagedTable } from '../../parts/paged-table';
import { Person } from '../../parts/person';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { LimitsDialog, limitWords } from '../access/limits-dialog';

interface ProjectAnswer {
  readonly project: string;
  readonly createdBy?: string;
  readonly createdAt?: string;
  readonly limits?: RequestLimits | null;
}

/** The projects that the person may see. */
export function ProjectsPage(): ReactNode {
  const may = useMay();
  return (
    <Page
      title="Projects"
      about="Data, models and people are kept apart by project."
      actions={may('create', 'Project', null) && <NewProject />}
    >
      <PagedTable<ProjectAnswer>
        label="Projects"
        path="/governance/v1/projects"
        keyOf={({ project }) => project}
        empty="You have no project yet. An administrator gives you a role in one."
        columns={[
          { header: 'Project', cell: ({ project }) => <Go to={pageOf(project)}>{project}</Go> },
          { header: 'Made by', cell: ({ createdBy }) => <Person id={createdBy} /> },
          { header: 'Made', cell: ({ createdAt }) => <When at={createdAt} /> },
          { header: 'Limits', cell: ({ limits }) => limitWords(limits) || 'none of its own' },
          {
            header: 'Limit',
            cell: ({ project, limits }) =>
              may('update', 'Project', null) ? (
                <LimitsDialog
                  path={`/governance/v1/projects/${encodeURIComponent(project)}/limits`}
                  limits={limits}
                />
              ) : (
                '–'
              ),
          },
        ]}
      />
    </Page>
  );
}

function NewProject(): ReactNode {
  return (
    <AskDialog
      label="New project"
      doIt="Make the project"
      variant="filled"
      size="sm"
      change={(fields) => ({
        method: 'POST',
        path: '/governance/v1/projects',
        body: { project: fieldOf(fields, 'project') },
      })}
    >
      <TextInput
        name="project"
        label="Name"
        description="Lower-case letters, digits and hyphens; a letter first"
        required
        data-autofocus
      />
    </AskDialog>
  );
}
