import { Textarea, type TextareaProps } from '@mantine/core';
import type { ReactNode, Ref } from 'react';

/** A text in YAML, JSON or the like: letters of one width, as high as the text is long. */
export function CodeArea({
  ref,
  small,
  ...props
}: TextareaProps & {
  readonly ref?: Ref<HTMLTextAreaElement>;
  readonly small?: boolean;
}): ReactNode {
  return (
    <Textarea
      ref={ref}
      spellCheck={false}
      autosize
      styles={{
        input: { fontFamily: 'var(--mantine-font-family-monospace)', ...(small ? { fontSize: 12 } : {}) },
      }}
      {...props}
    />
  );
}
