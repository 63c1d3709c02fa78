import { Checkbox, Group, TextInput } from '@mantine/core';
import type { ProcessingSettingsAnswer } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { inProject } from '../../api/request';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';

const CONTACTS = [
  ['controller', 'Controller'],
  ['representative', 'Representative'],
  ['dataProtectionOfficer', 'Data protection officer'],
] as const;

/** Who answers for the processing, and whether everything needs a purpose. */
export function ProcessingSettingsDialog({
  project,
  settings,
}: {
  project: string;
  settings: ProcessingSettingsAnswer;
}): ReactNode {
  return (
    <AskDialog
      label="Change who answers"
      doIt="Save"
      about="An entry without a name is left out of the record."
      change={(fields) => ({
        method: 'PUT',
        path: inProject('governance', project, 'processing', 'settings'),
        body: {
          ...Object.fromEntries(CONTACTS.map(([key]) => [key, contactOf(fields, key)])),
          purposeRequired: fields.has('purposeRequired'),
        },
      })}
    >
      {CONTACTS.map(([key, label]) => (
        <Group key={key} grow align="flex-end">
          <TextInput
            name={`${key}-name`}
            label={label}
            placeholder="Name"
            maxLength={200}
            defaultValue={settings[key]?.name}
          />
          <TextInput
            name={`${key}-contact`}
            aria-label={`How to reach: ${label}`}
            placeholder="How to reach"
            maxLength={500}
            defaultValue={settings[key]?.contact}
          />
        </Group>
      ))}
      <Checkbox
        name="purposeRequired"
        label="Refuse training and predictions of what is bound to no purpose"
        defaultChecked={settings.purposeRequired}
      />
    </AskDialog>
  );
}

function contactOf(fields: FormData, key: string): { name: string; contact: string } | null {
  const name = fieldOf(fields, `${key}-name`);
  return name === '' ? null : { name, contact: fieldOf(fields, `${key}-contact`) };
}
