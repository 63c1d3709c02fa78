import { Stack } from '@mantine/core';
import type { BookEntryAnswer, PurposeAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { useGet } from '../../api/use-get';
import { Card } from '../../parts/card';
import { DataTable } from '../../parts/data-table';
import { DefinitionDialog } from '../../parts/definition-dialog';
import { Facts } from '../../parts/facts';
import { count, words } from '../../parts/format';
import { pageOf } from '../../parts/go';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { Person } from '../../parts/person';
import { Prose } from '../../parts/prose';
import { State } from '../../parts/tone';
import { useYaml } from '../../parts/use-yaml';
import { When } from '../../parts/when';
import { useMay } from '../../session/use-may';
import { basisText } from './purpose-words';

type Purpose = BookEntryAnswer<PurposeAnswer>;

/** One purpose as it stands, with all its versions. */
export function PurposePage({ project, purpose }: { project: string; purpose: string }): ReactNode {
  const path = inProject('governance', project, 'processing', 'purposes', purpose);
  const query = useGet<Purpose & { versions: readonly Purpose[] }>(path);
  const mayWrite = useMay()('update', 'ProcessingRecord', project);
  const text = useYaml(query.data?.content ?? null);
  return (
    <Page
      title={query.data?.content.title ?? purpose}
      above={[
        ['Records', pageOf(project, 'records')],
        ['Purposes', `${pageOf(project, 'records')}?tab=purposes`],
      ]}
      actions={
        mayWrite &&
        query.data &&
        text !== null && (
          <DefinitionDialog
            label="Change it"
            kind="Purpose"
            name={purpose}
            text={text}
            doIt="Write it"
            about="Texts that subjects have seen cannot be changed: add a version. In YAML or JSON."
            pathOf={() => path}
          />
        )
      }
    >
      <Loaded query={query} what="the purpose">
        {(found) => (
          <Stack gap="md">
            <PurposeFacts name={purpose} of={found} />
            <Lists of={found.content} />
            <ConsentTexts texts={found.content.consentTexts} />
            <Versions versions={found.versions} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function PurposeFacts({
  name,
  of: { content, version, changedBy },
}: {
  name: string;
  of: Purpose;
}): ReactNode {
  return (
    <Card title="Purpose">
      <Prose of={content.description} />
      <Facts
        of={[
          ['Name', name],
          ['State', <State key="state" of={content.state} />],
          ['Lawful basis', basisText(content.lawfulBasis)],
          ['Grounds', content.lawfulBasis && <Prose key="grounds" of={content.lawfulBasis.grounds} />],
          ['Of whom', content.subjectCategories.join(', ') || 'nobody named yet'],
          ['Decided by machine alone', content.automatedDecisions ? 'yes (Art. 22)' : 'no'],
          ['Version', version],
          ['Changed by', <Person key="by" id={changedBy} />],
        ]}
      />
    </Card>
  );
}

function Lists({ of }: { of: PurposeAnswer }): ReactNode {
  return (
    <Card title="Categories, recipients, transfers, retention">
      <DataTable
        label="Special categories of data"
        rows={of.specialCategories}
        keyOf={({ category }) => category}
        empty="No special category of data (Art. 9)."
        columns={[
          { header: 'Special category', cell: ({ category }) => words(category) },
          {
            header: 'Condition',
            cell: ({ condition }) => (condition ? `Art. 9(2)(${condition})` : 'none found yet'),
          },
          { header: 'Grounds', cell: ({ grounds }) => grounds || '–' },
        ]}
      />
      <DataTable
        label="Recipients"
        rows={of.recipients}
        keyOf={({ name, kind }) => `${name} ${kind}`}
        empty="No recipient outside."
        columns={[
          { header: 'Recipient', cell: ({ name }) => name },
          { header: 'As', cell: ({ kind }) => words(kind) },
          { header: 'Country', cell: ({ country }) => country },
        ]}
      />
      <DataTable
        label="Transfers"
        rows={of.transfers}
        keyOf={({ recipient, country }) => `${recipient} ${country}`}
        empty="No transfer outside of the EU and EEA."
        columns={[
          { header: 'Transferred to', cell: ({ recipient }) => recipient },
          { header: 'Country', cell: ({ country }) => country },
          { header: 'Safeguard', cell: ({ safeguard }) => words(safeguard) },
          { header: 'Reference', cell: ({ reference }) => reference },
        ]}
      />
      <DataTable
        label="Retention"
        rows={of.retention}
        keyOf={(each) => each.class}
        empty="Nobody has said yet how long the data are kept."
        columns={[
          { header: 'Kept', cell: (each) => words(each.class) },
          { header: 'Days', figures: true, cell: ({ days }) => count(days) },
        ]}
      />
    </Card>
  );
}

function ConsentTexts({ texts }: { texts: PurposeAnswer['consentTexts'] }): ReactNode {
  return (
    <Card title="Texts of consent">
      <DataTable
        label="Texts that subjects are shown"
        rows={texts}
        keyOf={({ version }) => version}
        empty="None: it does not rest on consent."
        columns={[
          { header: 'Version', figures: true, cell: ({ version }) => version },
          { header: 'Text', cell: ({ text }) => <Prose of={text} /> },
        ]}
      />
    </Card>
  );
}

function Versions({ versions }: { versions: readonly Purpose[] }): ReactNode {
  return (
    <Card title="Versions">
      <DataTable
        label="Versions, newest first"
        rows={versions.toReversed()}
        keyOf={({ version }) => version}
        empty="None."
        columns={[
          { header: 'Version', figures: true, cell: ({ version }) => version },
          { header: 'Lawful basis', cell: ({ content }) => basisText(content.lawfulBasis) },
          { header: 'State', cell: ({ content }) => <State of={content.state} /> },
          { header: 'By', cell: ({ changedBy }) => <Person id={changedBy} /> },
          { header: 'When', cell: ({ changedAt }) => <When at={changedAt} /> },
        ]}
      />
    </Card>
  );
}
