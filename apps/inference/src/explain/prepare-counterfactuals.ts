import { Injectable } from '@nestjs/common';
import { ArtifactStore } from '@steward/artifacts';
import type { ModelDescriptor } from '@steward/contracts';
import { errors } from '@steward/kernel';
import { parseReference } from '@steward/statistics';
import { allowedChanges, MOST_COUNTERFACTUAL_ROWS, type CounterfactualOptions } from './explain-options';
import type { CounterfactualWork } from './explain-rows';

const MAX_REFERENCE_BYTES = 32 * 1024 * 1024;

/** Makes of what is asked for what the explainer needs to look for counterfactuals: values and spread of the reference too. */
@Injectable()
export class PrepareCounterfactuals {
  constructor(private readonly artifacts: ArtifactStore) {}

  /** Throws INFERENCE.EXPLAIN_TOO_MANY_ROWS, INFERENCE.ROW_UNKNOWN and what the options are refused for. */
  async execute(
    descriptor: ModelDescriptor,
    rows: number,
    options: CounterfactualOptions,
  ): Promise<CounterfactualWork> {
    const wanted =
      options.rows ?? Array.from({ length: Math.min(rows, MOST_COUNTERFACTUAL_ROWS + 1) }, (_, i) => i);
    if (wanted.length > MOST_COUNTERFACTUAL_ROWS) {
      throw errors.limit(
        'INFERENCE.EXPLAIN_TOO_MANY_ROWS',
        `Counterfactuals are looked for in ${MOST_COUNTERFACTUAL_ROWS} rows at a time; name them in counterfactuals.rows.`,
        { details: { limit: MOST_COUNTERFACTUAL_ROWS } },
      );
    }
    const beyond = wanted.find((row) => row >= rows);
    if (beyond !== undefined) {
      throw errors.invalid(
        'INFERENCE.ROW_UNKNOWN',
        `counterfactuals.rows names row ${beyond}; the request has rows 0 to ${rows - 1}.`,
      );
    }
    const { max_changes, count } = options;
    const changes = allowedChanges(descriptor, options);
    const reference = await this.artifacts.read(descriptor.referenceDigest, {
      maxBytes: MAX_REFERENCE_BYTES,
    });
    return {
      ...changes,
      rows: wanted,
      max_changes,
      count,
      threshold: descriptor.decisionThreshold,
      reference: parseReference(JSON.parse(reference.toString('utf8'))),
    };
  }
}
