import { Button, Code, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useSend } from '../../api/use-send';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';
import { ProblemNote } from '../../parts/problem-note';
import { QrCode } from '../../parts/qr-code';
import { RecoveryCodes } from '../../session/recovery-codes';

const TOTP = '/governance/v1/me/totp';

/** Sets up one's second factor, or turns it off by the password. */
export function SecondFactor({ confirmed }: { confirmed: boolean }): ReactNode {
  const [opened, setOpened] = useState(false);
  if (opened) return <SetUp onDone={() => setOpened(false)} />;
  return (
    <Group gap="xs">
      <Button size="xs" variant="default" onClick={() => setOpened(true)}>
        {confirmed ? 'Set up another authenticator' : 'Set up a second factor'}
      </Button>
      {confirmed && <TurnOff />}
    </Group>
  );
}

function SetUp({ onDone }: { onDone: () => void }): ReactNode {
  const begin = useSend<{ secret: string; otpauthUri: string }>();
  const confirm = useSend<{ recoveryCodes: readonly string[] }>();
  if (confirm.data) return <RecoveryCodes codes={confirm.data.recoveryCodes} onDone={onDone} />;
  if (!begin.data)
    return (
      <Stack maw={520}>
        <Text size="sm">
          An authenticator app on your telephone shows a code that changes every half minute. Once this is
          confirmed, you are asked for it at each login.
        </Text>
        {begin.error && <ProblemNote error={begin.error} />}
        <Group gap="xs">
          <Button
            autoFocus
            loading={begin.isPending}
            onClick={() => begin.mutate({ method: 'POST', path: TOTP })}
          >
            Begin
          </Button>
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        </Group>
      </Stack>
    );
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const totp = fieldOf(new FormData(event.currentTarget), 'totp');
    confirm.mutate({ method: 'POST', path: `${TOTP}/confirm`, body: { totp } });
  };
  return (
    <form onSubmit={submit}>
      <Stack maw={420}>
        <Text size="sm">Read this with your authenticator app, or type the key into it.</Text>
        <QrCode text={begin.data.otpauthUri} />
        <Code block tabIndex={0} aria-label="Key">
          {begin.data.secret}
        </Code>
        <TextInput
          name="totp"
          label="Code that the app shows"
          inputMode="numeric"
          autoComplete="one-time-code"
          pattern="\d{6}"
          title="6 digits"
          autoFocus
          required
        />
        {confirm.error && <ProblemNote error={confirm.error} />}
        <Group gap="xs">
          <Button type="submit" loading={confirm.isPending}>
            Confirm
          </Button>
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function TurnOff(): ReactNode {
  return (
    <AskDialog
      label="Turn off the second factor"
      danger
      about="You log in by your password alone from then on. Where a role of yours needs a second factor, you are asked to set one up at the next login."
      change={(fields) => ({ method: 'DELETE', path: TOTP, body: { password: fields.get('password') } })}
    >
      <PasswordInput
        name="password"
        label="Password"
        autoComplete="current-password"
        required
        data-autofocus
      />
    </AskDialog>
  );
}
