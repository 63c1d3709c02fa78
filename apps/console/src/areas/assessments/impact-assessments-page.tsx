import type { ImpactAssessmentAnswer, ModelAnswer, Page as Answer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Go, pageOf } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { Person } from '../../parts/person';
import { Toned } from '../../parts/tone';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';

/** Impact assessments of a project's models, and the models that have none. */
export function ImpactAssessmentsPage({ project }: { project: string }): ReactNode {
  const query = useGet<Answer<ImpactAssessmentAnswer>>(
    inProject('governance', project, 'impact-assessments'),
  );
  const models = useGet<Answer<ModelAnswer>>(inProject('training', project, 'models'), {
    query: { limit: 200 },
    when: useMay()('read', 'Model', project),
  });
  return (
    <Page
      title="Impact assessments"
      about="GDPR Art. 35: what the platform knows is filled in, people write the rest, and another person signs. A high-risk model without a signature over the same inputs, data and purposes is not promoted."
    >
      <Loaded query={query} what="the assessments">
        {({ items }) => {
          const rest = (models.data?.items ?? []).filter(
            ({ model }) => !items.some((each) => each.model === model),
          );
          return (
            <>
              <Card title="Assessments">
                <DataTable
                  label="Newest version of each assessment"
                  rows={items}
                  keyOf={({ model }) => model}
                  empty="No assessment has been written yet."
                  columns={[
                    {
                      header: 'Model',
                      cell: ({ model }) => <Go to={pageOf(project, 'impact-assessments', model)}>{model}</Go>,
                    },
                    { header: 'Version', figures: true, cell: ({ version }) => version },
                    { header: 'Risk of the use', cell: ({ generated }) => generated.risk ?? 'not classed' },
                    { header: 'Risks', figures: true, cell: ({ body }) => body.risks.length },
                    {
                      header: 'Signature',
                      cell: ({ signedAt }) => (
                        <Toned tone={signedAt ? 'good' : 'warn'}>{signedAt ? 'signed' : 'missing'}</Toned>
                      ),
                    },
                    { header: 'Written by', cell: ({ writtenBy }) => <Person id={writtenBy} /> },
                    { header: 'Written', cell: ({ writtenAt }) => <When at={writtenAt} /> },
                  ]}
                />
              </Card>
              <Card title="Models without one">
                <DataTable
                  label="Models without an assessment"
                  rows={rest}
                  keyOf={({ model }) => model}
                  empty="Every model has one, or there is no model yet."
                  columns={[
                    {
                      header: 'Model',
                      cell: ({ model }) => (
                        <Go to={pageOf(project, 'impact-assessments', model)}>{model}: write one</Go>
                      ),
                    },
                  ]}
                />
              </Card>
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}
