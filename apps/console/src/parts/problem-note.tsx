import { Alert, Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Problem, sentenceOf } from '../api/problem';
import { whyPath } from '../areas/why/why-question';
import { useSessionIfAny } from '../session/session-context';
import { Go } from './go';
import classes from './problem-note.module.css';

/** An error as a sentence, with its code for who has to look it up; a refusal by roles leads to its reason. */
export function ProblemNote({ error, onAgain }: { error: unknown; onAgain?: () => void }): ReactNode {
  const code = error instanceof Problem ? error.code : null;
  const why = whyPath(error, useSessionIfAny()?.principalId ?? null);
  return (
    <Alert role="alert" className={classes.note} p="sm">
      <Group justify="space-between" gap="sm">
        <div>
          <Text size="sm" className={classes.text}>
            {sentenceOf(error)}
          </Text>
          {why !== null && (
            <Text size="sm">
              <Go to={why}>Why?</Go>
            </Text>
          )}
          {code !== null && (
            <Text size="xs" ff="monospace" className={classes.code}>
              {code}
            </Text>
          )}
        </div>
        {onAgain && (
          <Button size="xs" variant="default" onClick={onAgain}>
            Try again
          </Button>
        )}
      </Group>
    </Alert>
  );
}
