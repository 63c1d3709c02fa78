import { Textarea } from '@mantine/core';
import type { ReactNode } from 'react';

interface ReasonFieldProps {
  readonly name?: string;
  readonly label?: string;
  readonly description?: string;
  readonly least?: number;
  readonly most?: number;
  readonly optional?: boolean;
  /** What it begins with. */
  readonly value?: string | undefined;
}

/** A free text of some length, as a field of a form. */
export function ReasonField({
  name = 'reason',
  label = 'Reason',
  description,
  least = 3,
  most = 4_000,
  optional = false,
  value,
}: ReasonFieldProps): ReactNode {
  return (
    <Textarea
      name={name}
      label={label}
      description={description}
      required={!optional}
      minLength={least}
      maxLength={most}
      defaultValue={value}
      autosize
      minRows={3}
    />
  );
}
