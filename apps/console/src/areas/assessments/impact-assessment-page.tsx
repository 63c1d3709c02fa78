import { Button, SimpleGrid, Stack, Text } from '@mantine/core';
import type { GeneratedAssessmentAnswer, ImpactAssessmentAnswer } from '@steward/client/answers';
import { useState, type ReactNode } from 'react';
import { Problem } from '../../api/problem';
import { inProject } from '../../api/request';
import { useGet } from '../../api/use-get';
import { AskDialog } from '../../parts/ask-dialog';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { Facts } from '../../parts/facts';
import { Go, pageOf } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Loading } from '../../parts/loading';
import { Mono } from '../../parts/mono';
import { Page } from '../../parts/page';
import { Person } from '../../parts/person';
import { ProblemNote } from '../../parts/problem-note';
import { Toned } from '../../parts/tone';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { GeneratedPart, WrittenPart } from './assessment-parts';
import { WriteAssessment } from './write-assessment';

type Whole = ImpactAssessmentAnswer & { readonly versions: readonly ImpactAssessmentAnswer[] };

/** One model's assessment: what is filled in beside what people wrote, and the signature of another person. */
export function ImpactAssessmentPage({ project, model }: { project: string; model: string }): ReactNode {
  const may = useMay();
  const path = inProject('governance', project, 'impact-assessments', model);
  const [writing, setWriting] = useState(false);
  const { data, error, refetch } = useGet<Whole>(path);
  const missing = error instanceof Problem && error.code === 'GOVERNANCE.ASSESSMENT_NOT_FOUND';
  return (
    <Page
      title={`Impact assessment of ${model}`}
      above={[['Impact assessments', pageOf(project, 'impact-assessments')]]}
      actions={
        <>
          {may('update', 'ImpactAssessment', project) && !writing && (data ?? missing) && (
            <Button size="xs" variant="default" onClick={() => setWriting(true)}>
              {data ? 'Write a new version' : 'Write it'}
            </Button>
          )}
          {data && data.signedAt === null && may('sign', 'ImpactAssessment', project) && (
            <AskDialog
              label="Sign"
              variant="filled"
              about={`You sign version ${data.version} as it stands here. Who wrote it cannot sign.`}
              change={() => ({ method: 'POST', path: `${path}/sign`, body: { version: data.version } })}
            />
          )}
        </>
      }
    >
      <Stack gap="md">
        {data && <Standing project={project} model={model} of={data} />}
        {!data && missing && <Text>Nobody has written an assessment of this model yet.</Text>}
        {!data && error && !missing && <ProblemNote error={error} onAgain={() => void refetch()} />}
        {!data && !error && <Loading what="the assessment" />}
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Card title={writing ? 'What people write' : 'What people wrote'}>
            {writing ? (
              <WriteAssessment path={path} before={data?.body ?? null} onDone={() => setWriting(false)} />
            ) : data ? (
              <WrittenPart of={data.body} />
            ) : (
              <Text size="sm" c="dimmed">
                Necessity, risks and measures, the subjects’ views, the officer’s advice.
              </Text>
            )}
          </Card>
          <Card title={data && !writing ? `Filled in for version ${data.version}` : 'Filled in, as of now'}>
            {data && !writing ? (
              <GeneratedPart project={project} of={data.generated} />
            ) : (
              <GeneratedNow project={project} path={`${path}/generated`} />
            )}
          </Card>
        </SimpleGrid>
        {data && <Versions of={data.versions} />}
      </Stack>
    </Page>
  );
}

function GeneratedNow({ project, path }: { project: string; path: string }): ReactNode {
  const query = useGet<{ generated: GeneratedAssessmentAnswer }>(path);
  return (
    <Loaded query={query} what="what is filled in">
      {({ generated }) => <GeneratedPart project={project} of={generated} />}
    </Loaded>
  );
}

function Standing({ project, model, of }: { project: string; model: string; of: Whole }): ReactNode {
  return (
    <Card title="Standing">
      <Facts
        of={[
          ['Version', of.version],
          [
            'Signature',
            <Toned key="signed" tone={of.signedAt ? 'good' : 'warn'}>
              {of.signedAt ? 'signed' : 'missing'}
            </Toned>,
          ],
          ['Signed by', of.signedBy ? <Person key="signer" id={of.signedBy} /> : null],
          ['Signed', of.signedAt ? <When key="when" at={of.signedAt} /> : null],
          ['Written by', <Person key="writer" id={of.writtenBy} />],
          ['Written', <When key="written" at={of.writtenAt} />],
          ['Covers', <Mono key="scope" of={of.scopeDigest} length={24} />],
          [
            'Model',
            <Go key="model" to={pageOf(project, 'models', model)}>
              {model}
            </Go>,
          ],
        ]}
      />
    </Card>
  );
}

function Versions({ of }: { of: readonly ImpactAssessmentAnswer[] }): ReactNode {
  return (
    <Card title="Versions">
      <DataTable
        label="Versions, newest first"
        rows={of}
        keyOf={({ version }) => version}
        empty="None."
        columns={[
          { header: 'Version', figures: true, cell: ({ version }) => version },
          { header: 'Written by', cell: ({ writtenBy }) => <Person id={writtenBy} /> },
          { header: 'Written', cell: ({ writtenAt }) => <When at={writtenAt} /> },
          { header: 'Signed by', cell: ({ signedBy }) => <Person id={signedBy} /> },
          { header: 'Signed', cell: ({ signedAt }) => <When at={signedAt} /> },
          { header: 'Covers', cell: ({ scopeDigest }) => <Mono of={scopeDigest} /> },
        ]}
      />
    </Card>
  );
}
