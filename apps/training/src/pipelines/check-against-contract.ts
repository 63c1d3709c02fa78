import { errors } from '@steward/kernel';
import type { DatasetContract } from '@steward/contracts';
import type { PipelineDefinition } from './pipeline-definition';

/**
 * Checks that every input is a column that a model may read: a feature, or a sensitive column listed on purpose.
 * Returns the sensitive ones among the inputs. Throws TRAINING.PIPELINE_INPUTS, naming each column at fault.
 */
export function checkAgainstContract(definition: PipelineDefinition, contract: DatasetContract): string[] {
  const classes = new Map(contract.columns.map((column) => [column.name, column.class]));
  const faults: string[] = [];
  for (const input of definition.inputs) {
    const found = classes.get(input);
    if (found === undefined) faults.push(`The contract of ${contract.dataset} has no column ${input}.`);
    else if (found !== 'feature' && found !== 'sensitive') {
      faults.push(`Column ${input} is of class ${found} and cannot be an input.`);
    }
  }
  if (faults.length > 0) {
    throw errors.invalid('TRAINING.PIPELINE_INPUTS', `The pipeline cannot be used. ${faults.join(' ')}`, {
      details: { faults },
    });
  }
  return definition.inputs.filter((input) => classes.get(input) === 'sensitive');
}
