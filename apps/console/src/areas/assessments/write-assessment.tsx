import { Button, Fieldset, Group, NativeSelect, Stack } from '@mantine/core';
import type { AssessmentBodyAnswer } from '@steward/client/answers';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useSend } from '../../api/use-send';
import { fieldOf } from '../../parts/ask-dialog';
import { ProblemNote } from '../../parts/problem-note';
import { ReasonField } from '../../parts/reason-field';

const LEVELS = ['low', 'medium', 'high'];
const MOST = 8_000;

interface Props {
  readonly path: string;
  /** What the newest version says; null: there is none. */
  readonly before: AssessmentBodyAnswer | null;
  readonly onDone: () => void;
}

/** The part that people write, as a form; it becomes a new version, and the generated part is filled in as of then. */
export function WriteAssessment({ path, before, onDone }: Props): ReactNode {
  const [risks, setRisks] = useState<readonly number[]>(before?.risks.map((_, at) => at) ?? [0]);
  const { mutate, isPending, error } = useSend(onDone);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    mutate({ method: 'PUT', path, body: bodyOf(new FormData(event.currentTarget), risks) });
  };
  return (
    <form onSubmit={submit} aria-label="Assessment">
      <Stack>
        <Text name="necessity" label="Necessity and proportionality" least={20} text={before?.necessity} />
        {risks.map((key, at) => (
          <Fieldset key={key} legend={`Risk ${at + 1}`}>
            <Stack gap="xs">
              <Text name={`risk-${key}`} label="What may happen to whom" text={before?.risks[key]?.risk} />
              <Group grow>
                <Choice
                  name={`likelihood-${key}`}
                  label="Likelihood"
                  value={before?.risks[key]?.likelihood}
                />
                <Choice name={`severity-${key}`} label="Severity" value={before?.risks[key]?.severity} />
              </Group>
              <Text name={`measures-${key}`} label="Measures" text={before?.risks[key]?.measures} />
              <Choice name={`residual-${key}`} label="What remains" value={before?.risks[key]?.residual} />
              {risks.length > 1 && (
                <Button
                  size="xs"
                  variant="default"
                  onClick={() => setRisks(risks.filter((each) => each !== key))}
                >{`Take risk ${at + 1} away`}</Button>
              )}
            </Stack>
          </Fieldset>
        ))}
        <Group>
          <Button size="xs" variant="default" onClick={() => setRisks([...risks, Math.max(...risks) + 1])}>
            Another risk
          </Button>
        </Group>
        <Text
          name="viewsOfSubjects"
          label="Views of the subjects, or why they were not sought"
          text={before?.viewsOfSubjects}
        />
        <Text
          name="officerAdvice"
          label="Advice of the data protection officer"
          text={before?.officerAdvice}
        />
        {error && <ProblemNote error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={isPending}>
            Write the version
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface TextProps {
  readonly name: string;
  readonly label: string;
  readonly least?: number;
  readonly text: string | undefined;
}

const Text = ({ name, label, least = 5, text }: TextProps): ReactNode => (
  <ReasonField name={name} label={label} least={least} most={MOST} value={text} />
);

const Choice = ({ name, label, value }: { name: string; label: string; value?: string }): ReactNode => (
  <NativeSelect name={name} label={label} data={LEVELS} defaultValue={value} />
);

function bodyOf(fields: FormData, risks: readonly number[]): AssessmentBodyAnswer {
  const of = (name: string): string => fieldOf(fields, name);
  return {
    necessity: of('necessity'),
    risks: risks.map((key) => ({
      risk: of(`risk-${key}`),
      likelihood: of(`likelihood-${key}`),
      severity: of(`severity-${key}`),
      measures: of(`measures-${key}`),
      residual: of(`residual-${key}`),
    })),
    viewsOfSubjects: of('viewsOfSubjects'),
    officerAdvice: of('officerAdvice'),
  };
}
