import { Button, Grid, Group, Stack, TextInput } from '@mantine/core';
import type { Page as Answer } from '@steward/client/answers';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { useGet } from '../../api/use-get';
import { useSend } from '../../api/use-send';
import { fieldOf } from '../../parts/ask-dialog';
import { Card } from '../../parts/card';
import { Loaded } from '../../parts/loaded';
import { Page } from '../../parts/page';
import { ProblemNote } from '../../parts/problem-note';
import { draftFaults, NEW_RULE } from './draft-rules';
import type { RoleAnswer } from './role-answers';
import { faultsByRule, useRolePreview } from './role-preview';
import { RolePreviewCard } from './role-preview-card';
import { RuleRow } from './rule-row';
import { RulesTextCard } from './rules-text-card';
import { useDraft } from './use-draft';
import { useVocabulary, type Vocabulary } from './vocabulary';

const ROLES = '/governance/v1/roles';

/** Makes a role of one's own. */
export function NewRolePage(): ReactNode {
  return (
    <Page
      title="New role"
      about="Each rule permits or forbids actions on kinds of objects, always or under conditions. What no rule permits is denied."
      above={[['Roles', '/roles']]}
    >
      <Editor role={null} />
    </Page>
  );
}

/** Changes a role of one's own. */
export function ChangeRolePage({ role }: { role: string }): ReactNode {
  const query = useGet<RoleAnswer>(`${ROLES}/${encodeURIComponent(role)}`);
  return (
    <Page
      title={`Change role ${role}`}
      about="The change reaches every service, and everybody who holds the role, within a second."
      above={[
        ['Roles', '/roles'],
        [role, `/roles/${encodeURIComponent(role)}`],
      ]}
    >
      <Loaded query={query} what="the role">
        {(found) => <Editor role={found} />}
      </Loaded>
    </Page>
  );
}

function Editor({ role }: { role: RoleAnswer | null }): ReactNode {
  const vocabulary = useVocabulary();
  return (
    <Loaded query={vocabulary} what="the vocabulary of rules">
      {(known) => <RoleForm key={role?.version} role={role} vocabulary={known} />}
    </Loaded>
  );
}

function RoleForm({ role, vocabulary }: { role: RoleAnswer | null; vocabulary: Vocabulary }): ReactNode {
  const { drafts, rules, text, form, textFault, setDrafts, setText, setForm } = useDraft(role?.rules ?? []);
  const [project, setProject] = useState('');
  const [, go] = useLocation();
  const { data } = useGet<Answer<{ project: string }>>('/governance/v1/projects', { query: { limit: 1000 } });
  const projects = data?.items.map((each) => each.project) ?? [];
  const lacking = drafts.map(draftFaults);
  const whole = textFault === null && lacking.every((faults) => faults.length === 0);
  const preview = useRolePreview(whole ? rules : null, project || null);
  const told = whole ? faultsByRule(preview.error) : faultsByRule(null);
  const send = useSend<RoleAnswer>(({ role: name }) => go(`/roles/${encodeURIComponent(name)}`));
  const save = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const name = role?.role ?? fieldOf(fields, 'role');
    send.mutate({
      method: 'PUT',
      path: `${ROLES}/${encodeURIComponent(name)}`,
      body: { description: fieldOf(fields, 'description'), rules },
    });
  };
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Card title="Role">
          <form onSubmit={save} aria-label="Role">
            <Stack gap="sm">
              <Group grow align="flex-start">
                {!role && <TextInput name="role" label="Name" required maxLength={63} />}
                <TextInput
                  name="description"
                  label="What for"
                  maxLength={500}
                  defaultValue={role?.description}
                />
              </Group>
              {drafts.map((rule, at) => (
                <RuleRow
                  // Rows have no identity of their own; what they show is all in `of`.
                  key={at}
                  of={rule}
                  number={at + 1}
                  vocabulary={vocabulary}
                  projects={projects}
                  faults={[...(lacking[at] ?? []), ...(told.get(at) ?? [])]}
                  onChange={(next) => setDrafts(drafts.map((each, index) => (index === at ? next : each)))}
                  onRemove={() => setDrafts(drafts.filter((_, index) => index !== at))}
                />
              ))}
              <Group justify="space-between">
                <Button size="xs" variant="default" onClick={() => setDrafts([...drafts, NEW_RULE])}>
                  Add a rule
                </Button>
                <Button type="submit" size="sm" disabled={!whole} loading={send.isPending}>
                  {role ? 'Change the role' : 'Make the role'}
                </Button>
              </Group>
              {send.error && <ProblemNote error={send.error} />}
            </Stack>
          </form>
        </Card>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Stack gap="md">
          <RulesTextCard text={text} form={form} fault={textFault} onText={setText} onForm={setForm} />
          <RolePreviewCard
            rules={whole ? rules : null}
            query={preview}
            vocabulary={vocabulary}
            projects={projects}
            project={project}
            onProject={setProject}
          />
        </Stack>
      </Grid.Col>
    </Grid>
  );
}
