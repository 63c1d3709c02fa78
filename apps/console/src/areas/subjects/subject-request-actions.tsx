import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { words } from '../../parts/format';
import { useSession } from '../../session/session-provider';
import { useMay } from '../../session/use-may';
import { RectifyDialog } from './rectify-dialog';
import { RequestTimeActions } from './request-time-actions';
import { REFUSAL_GROUNDS, type WholeSubjectRequestAnswer } from './subject-answers';

interface Props {
  readonly project: string;
  readonly path: string;
  readonly request: WholeSubjectRequestAnswer;
}

/** What can be done with a request that is open. */
export function SubjectRequestActions({ project, path, request }: Props): ReactNode {
  const may = useMay();
  const { principalId } = useSession();
  const mayUpdate = may('update', 'SubjectRequest', project);
  return (
    <>
      {mayUpdate && request.responsible !== principalId && (
        <AskDialog
          label="Take it over"
          about="You answer for it from now on."
          change={() => ({ method: 'POST', path: `${path}/assign`, body: { person: principalId } })}
        />
      )}
      {mayUpdate && <AddEvidence path={path} />}
      {mayUpdate && <RequestTimeActions path={path} request={request} />}
      {mayUpdate && request.state === 'received' && <Refuse path={path} />}
      {request.kind === 'rectification' &&
        request.state === 'in_progress' &&
        may('update', 'DataSubject', project) && <RectifyDialog project={project} request={request} />}
      {may('run', 'SubjectRequest', project) && request.state === 'received' && (
        <AskDialog
          label="Carry it out"
          variant="filled"
          about={
            request.kind === 'erasure'
              ? 'The subject’s key and link are destroyed and every dataset version is rewritten. This cannot be undone.'
              : 'Every service does its part; what it came to stands here.'
          }
          change={() => ({ method: 'POST', path: `${path}/run` })}
        />
      )}
    </>
  );
}

function AddEvidence({ path }: { path: string }): ReactNode {
  return (
    <AskDialog
      label="Add evidence"
      change={(fields) => ({
        method: 'POST',
        path: `${path}/evidence`,
        body: {
          kind: fieldOf(fields, 'kind'),
          text: fieldOf(fields, 'text') || undefined,
          digest: fieldOf(fields, 'digest') || undefined,
        },
      })}
    >
      <NativeSelect
        name="kind"
        label="Kind"
        data={[
          { value: 'identity', label: 'how it was established who asks' },
          { value: 'evidence', label: 'other evidence' },
        ]}
      />
      <Textarea name="text" label="In words" minLength={3} maxLength={4000} autosize minRows={3} />
      <TextInput
        name="digest"
        label="Digest of a document that is kept elsewhere"
        description="SHA-256; words, a digest, or both."
        pattern="[0-9a-f]{64}"
      />
    </AskDialog>
  );
}

function Refuse({ path }: { path: string }): ReactNode {
  return (
    <AskDialog
      label="Refuse"
      danger
      about="The subject is told the ground and the reason."
      change={(fields) => ({
        method: 'POST',
        path: `${path}/refuse`,
        body: { ground: fieldOf(fields, 'ground'), reason: fieldOf(fields, 'reason') },
      })}
    >
      <NativeSelect
        name="ground"
        label="Ground"
        data={REFUSAL_GROUNDS.map((value) => ({ value, label: words(value) }))}
      />
      <Textarea name="reason" label="Reason" required minLength={3} maxLength={4000} autosize minRows={3} />
    </AskDialog>
  );
}
