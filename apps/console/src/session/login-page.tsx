import {
  Anchor,
  Button,
  Center,
  Code,
  Paper,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { lazy, Suspense, useEffect, useState, type FormEvent, type ReactNode } from 'react';
import { Problem } from '../api/problem';
import { request } from '../api/request';
import { useGet } from '../api/use-get';
import { ProblemNote } from '../parts/problem-note';
import { Mark } from '../shell/mark';
import { stepAfter, type LoginStep } from './login-steps';
import { RecoveryCodes } from './recovery-codes';

/** Loaded only where somebody sets up an authenticator. */
const QrCode = lazy(async () => ({ default: (await import('../parts/qr-code')).QrCode }));

interface LoginAnswer {
  readonly recoveryCodes?: readonly string[];
}

interface LoginOptions {
  readonly oidc: readonly { readonly id: string; readonly name: string; readonly startUrl: string }[];
}

/** Logs a person in: password, then whatever governance asks for besides. */
export function LoginPage({ onDone }: { onDone: () => void }): ReactNode {
  const [step, setStep] = useState<LoginStep>({ kind: 'password' });
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  useEffect(() => void (document.title = 'Log in · Steward'), []);

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const fields = [...new FormData(event.currentTarget).entries()].filter(([, value]) => value !== '');
    setBusy(true);
    setError(null);
    try {
      const body = Object.fromEntries(fields);
      const answer = await request<LoginAnswer>('POST', '/governance/v1/session', { body });
      if (answer.recoveryCodes) setCodes(answer.recoveryCodes);
      else onDone();
    } catch (problem) {
      const next = problem instanceof Problem ? stepAfter(problem) : null;
      if (next && !(step.kind === 'enrol' && next.kind === 'code')) setStep(next);
      setError(problem);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Center mih="100vh" p="md" component="main">
      <Paper withBorder p="xl" radius="lg" w="100%" maw={400}>
        <Stack gap="lg">
          <Stack gap={4} align="center">
            <Mark size={44} />
            <Title order={1}>Steward</Title>
            <Text c="dimmed" size="sm">
              Who may do what, and the proof of it
            </Text>
          </Stack>
          {codes ? (
            <RecoveryCodes codes={codes} onDone={onDone} />
          ) : (
            <form onSubmit={(event) => void submit(event)} noValidate>
              <Stack>
                <TextInput label="User" name="user" autoComplete="username" autoFocus required />
                <PasswordInput label="Password" name="password" autoComplete="current-password" required />
                <StepFields step={step} />
                {error !== null && <ProblemNote error={error} />}
                <Button type="submit" loading={busy} fullWidth>
                  Log in
                </Button>
              </Stack>
            </form>
          )}
          <OtherWays />
        </Stack>
      </Paper>
    </Center>
  );
}

function StepFields({ step }: { step: LoginStep }): ReactNode {
  if (step.kind === 'password') return null;
  if (step.kind === 'new-password')
    return (
      <PasswordInput
        label="New password"
        description="12 characters or more"
        name="newPassword"
        autoComplete="new-password"
        autoFocus
        required
      />
    );
  return (
    <>
      {step.kind === 'enrol' && (
        <Text size="sm">
          Your role needs a second factor. Enter this key into your authenticator app, then the code that it
          shows: <Code block>{step.secret}</Code>
        </Text>
      )}
      {step.kind === 'enrol' && (
        <Suspense fallback={null}>
          <QrCode text={step.otpauthUri} />
        </Suspense>
      )}
      <TextInput
        label="Code of your authenticator"
        name="totp"
        inputMode="numeric"
        autoComplete="one-time-code"
        autoFocus
        required
      />
    </>
  );
}

/** Other identity providers, where there are any. */
function OtherWays(): ReactNode {
  const { data } = useGet<LoginOptions>('/governance/v1/login-options');
  if (!data || data.oidc.length === 0) return null;
  return (
    <Stack gap="xs">
      {data.oidc.map(({ id, name, startUrl }) => (
        <Button key={id} component="a" variant="default" href={withReturn(startUrl)}>
          Log in with {name}
        </Button>
      ))}
      <Anchor href="/" size="sm" ta="center">
        About this installation
      </Anchor>
    </Stack>
  );
}

/** Only a path of this installation is followed. */
function withReturn(startUrl: string): string {
  const url = new URL(startUrl, location.origin);
  if (url.origin !== location.origin) return '#';
  url.searchParams.set('returnTo', location.pathname);
  return `${url.pathname}${url.search}`;
}
