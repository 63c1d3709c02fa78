import type { ReactNode } from 'react';
import { Go, pageOf } from '../../parts/go';
import { useMay } from '../../session/use-may';

interface Props {
  readonly project: string;
  readonly prediction: string;
  readonly row: number;
}

/** A prediction, leading to its explanation for who may read predictions. */
export function ExplainLink({ project, prediction, row }: Props): ReactNode {
  const text = `${prediction}, row ${row}`;
  const may = useMay()('read', 'Prediction', project);
  return may ? <Go to={pageOf(project, 'predictions', prediction, row)}>{text}</Go> : text;
}
