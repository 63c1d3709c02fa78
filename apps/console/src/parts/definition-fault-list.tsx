import { Button, List, Text } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { Problem } from '../api/problem';
import type { FieldFault, LineFault } from './definition-faults';

interface Props {
  readonly text: string;
  readonly error: Error;
  /** Goes to a line of the text. */
  readonly onLine: (line: number) => void;
}

/** What is wrong in a definition, at its lines. The YAML parser comes with the first fault. */
export function DefinitionFaultList({ text, error, onLine }: Props): ReactNode {
  const [faults, setFaults] = useState<readonly LineFault[]>([]);
  useEffect(() => {
    let wanted = true;
    void import('./definition-faults').then(({ faultsAtLines }) => {
      if (wanted) setFaults(faultsAtLines(text, toldOf(error)));
    });
    return () => {
      wanted = false;
    };
  }, [text, error]);
  if (faults.length === 0) return null;
  return (
    <List size="sm" listStyleType="none" aria-label="What is wrong, by line">
      {faults.map(({ line, field, message }) => (
        <List.Item key={`${line} ${field} ${message}`}>
          {line === null ? (
            <Text span size="sm">
              Whole:{' '}
            </Text>
          ) : (
            <Button size="compact-xs" variant="default" mr={6} onClick={() => onLine(line)}>
              Line {line}
            </Button>
          )}
          {field === '' ? message : `${field}: ${message}`}
        </List.Item>
      ))}
    </List>
  );
}

function toldOf(error: Error): readonly FieldFault[] {
  const faults = error instanceof Problem ? error.details['faults'] : null;
  return Array.isArray(faults) ? (faults as readonly FieldFault[]) : [];
}
