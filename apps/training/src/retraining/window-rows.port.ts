import type { DatasetVersionCopy } from '../datasets/dataset-copies';

export abstract class WindowRows {
  /**
   * How many labelled rows of the dataset version come from predictions of the window whose members artifact has this
   * digest. Throws TRAINING.WINDOW_MEMBERS (invalid) if the artifact is no list of prediction rows.
   */
  abstract count(version: DatasetVersionCopy, membersDigest: string): Promise<number>;
}
