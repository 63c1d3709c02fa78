import { NativeSelect } from '@mantine/core';
import type { BookEntryAnswer, ImpactAssessmentAnswer, ModelRiskAnswer, Page } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { useGet } from '../../api/use-get';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { Card } from '../../parts/card';
import { Facts } from '../../parts/facts';
import { Go, pageOf } from '../../parts/go';
import { Prose } from '../../parts/prose';
import { ReasonField } from '../../parts/reason-field';
import { Toned } from '../../parts/tone';
import { useMay } from '../../session/use-may';
import { riskStanding } from './risk-standing';

const RISKS = ['minimal', 'limited', 'high', 'unacceptable'];

/** At the model: how risky its use is, and whether a signed assessment lets it be promoted. */
export function ModelRiskCard({ project, model }: { project: string; model: string }): ReactNode {
  const may = useMay();
  const path = inProject('governance', project, 'processing', 'models', model);
  const reads = may('read', 'ProcessingRecord', project) && may('read', 'ImpactAssessment', project);
  const { data, isPending } = useGet<BookEntryAnswer<ModelRiskAnswer>>(path, { when: reads });
  const assessments = useGet<Page<ImpactAssessmentAnswer>>(
    inProject('governance', project, 'impact-assessments'),
    { when: reads },
  );
  if (!reads || isPending || !assessments.data) return null;
  const assessment = assessments.data.items.find((each) => each.model === model) ?? null;
  const standing = riskStanding(data?.content.risk ?? null, assessment);
  return (
    <Card
      title="Risk and impact assessment"
      actions={
        may('update', 'ProcessingRecord', project) && (
          <ClassRisk path={path} model={model} before={data?.content ?? null} />
        )
      }
    >
      <Facts
        of={[
          ['Risk of the use', data?.content.risk ?? 'not classed'],
          [
            'Promotion',
            <Toned key="standing" tone={standing.tone}>
              {standing.says}
            </Toned>,
          ],
          ['Because', data ? <Prose key="grounds" of={data.content.grounds} /> : null],
          [
            'Intended use',
            data?.content.intendedUse ? <Prose key="use" of={data.content.intendedUse} /> : null,
          ],
          [
            'Assessment',
            <Go key="assessment" to={pageOf(project, 'impact-assessments', model)}>
              {assessment
                ? `version ${assessment.version}, ${assessment.signedAt ? 'signed' : 'not signed'}`
                : 'not written yet'}
            </Go>,
          ],
        ]}
      />
    </Card>
  );
}

function ClassRisk({
  path,
  model,
  before,
}: {
  path: string;
  model: string;
  before: ModelRiskAnswer | null;
}): ReactNode {
  return (
    <AskDialog
      label="Class the risk"
      doIt="Save"
      about={`How risky the use of ${model} is (EU AI Act Art. 5, 6 and Annex III). High: promoted with a signed impact assessment alone. Unacceptable: never.`}
      change={(fields) => ({
        method: 'PUT',
        path,
        body: {
          risk: fieldOf(fields, 'risk'),
          grounds: fieldOf(fields, 'grounds'),
          intendedUse: fieldOf(fields, 'use'),
        },
      })}
    >
      <NativeSelect name="risk" label="Risk" data={RISKS} defaultValue={before?.risk} />
      <ReasonField name="grounds" label="Because" least={10} value={before?.grounds} />
      <ReasonField name="use" label="Intended use" least={0} optional value={before?.intendedUse} />
    </AskDialog>
  );
}
