import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './dialog.module.css';

interface DialogProps {
  readonly title: string;
  readonly opened: boolean;
  readonly size?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * A dialog above the page. Its head is no `header` element, as Mantine's own is: within a dialog that would be a second
 * banner of the page.
 */
export function Dialog({ title, opened, size, onClose, children }: DialogProps): ReactNode {
  return (
    <Modal.Root opened={opened} onClose={onClose} size={size} centered>
      <Modal.Overlay />
      <Modal.Content>
        <div className={classes.head}>
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
