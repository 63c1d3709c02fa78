import { Button, Group, Stack, Text } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useSend, type Change } from '../api/use-send';
import classes from './ask-dialog.module.css';
import { Dialog } from './dialog';
import { ProblemNote } from './problem-note';

interface AskDialogProps<T> {
  /** What the button that opens the dialog says, and its heading. */
  readonly label: string;
  readonly about?: ReactNode;
  /** What the button that does it says; `label` by default. */
  readonly doIt?: string;
  readonly danger?: boolean;
  readonly variant?: string;
  readonly size?: string;
  /** Fields with a `name`. */
  readonly children?: ReactNode;
  /** The change to make of the fields. */
  readonly change: (fields: FormData) => Change;
  /** What is shown instead of the fields when it is done; null closes the dialog. */
  readonly done?: (answer: T) => ReactNode;
  /** What more is to be said of a refusal, and of what was sent. */
  readonly refused?: (error: Error, sent: Change) => ReactNode;
}

/** A button that asks before it changes something, and says so if it was refused. */
export function AskDialog<T = unknown>(props: AskDialogProps<T>): ReactNode {
  const { label, danger, variant = 'default', size = 'xs' } = props;
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button
        size={size}
        variant={danger ? 'default' : variant}
        className={danger ? classes.danger : undefined}
        onClick={() => setOpened(true)}
      >
        {label}
      </Button>
      <Dialog title={label} opened={opened} onClose={() => setOpened(false)}>
        <AskForm {...props} onClose={() => setOpened(false)} />
      </Dialog>
    </>
  );
}

function AskForm<T>({
  label,
  about,
  doIt = label,
  danger,
  children,
  change,
  done,
  refused,
  onClose,
}: AskDialogProps<T> & { onClose: () => void }): ReactNode {
  const [shown, setShown] = useState<ReactNode>(null);
  const { mutate, isPending, error, variables } = useSend<T>((answer) => {
    const next = done?.(answer) ?? null;
    if (next === null) onClose();
    else setShown(next);
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    mutate(change(new FormData(event.currentTarget)));
  };
  if (shown !== null)
    return (
      <Stack>
        {shown}
        <Button onClick={onClose}>Close</Button>
      </Stack>
    );
  return (
    <form onSubmit={submit}>
      <Stack>
        {about && <Text size="sm">{about}</Text>}
        {children}
        {error && <ProblemNote error={error} />}
        {error && variables && refused?.(error, variables)}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isPending} className={danger ? classes.danger : undefined}>
            {doIt}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** A field of a form as text; empty where there is none. */
export function fieldOf(fields: FormData, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
