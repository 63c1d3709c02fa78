import type { ContractColumn, DatasetContract } from '@steward/contracts';
import { isName } from '@steward/kernel';

/** Longest text that a column may allow. */
export const LONGEST_TEXT = 100_000;
// What a Delta table cannot hold in a column name, and control characters.
// eslint-disable-next-line no-control-regex
const FORBIDDEN_IN_NAME = /[ ,;{}()=\u0000-\u001f\u007f]/;

/** What is wrong with a contract beyond its shape: one sentence a fault, empty if it is sound. */
export function contractFaults(contract: DatasetContract): string[] {
  return [
    ...nameFaults(contract),
    ...contract.columns.flatMap(columnFaults),
    ...labelFaults(contract),
    ...referenceFaults(contract),
  ];
}

function nameFaults({ dataset, columns }: DatasetContract): string[] {
  const faults: string[] = [];
  const sound: boolean = isName(dataset);
  if (!sound) {
    faults.push(`The dataset name "${dataset}" must be lower-case letters, digits and hyphens, 63 at most.`);
  }
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (FORBIDDEN_IN_NAME.test(name)) {
      faults.push(`The column name "${name}" must not hold spaces, control characters or any of ,;{}()=.`);
    }
    if (name.toLowerCase().startsWith('_steward_')) {
      faults.push(
        `The column name "${name}" starts with _steward_, which is kept for Steward's own columns.`,
      );
    }
    if (seen.has(name.toLowerCase())) faults.push(`The column "${name}" occurs twice (case is ignored).`);
    seen.add(name.toLowerCase());
  }
  return faults;
}

function columnFaults(column: ContractColumn): string[] {
  const { name, type } = column;
  const faults: string[] = [];
  const ranged = column.min !== undefined || column.max !== undefined;
  if (ranged && type !== 'number' && type !== 'integer') {
    faults.push(`Column "${name}" is a ${type}: min and max are for numbers and integers.`);
  }
  if (column.min !== undefined && column.max !== undefined && column.min > column.max) {
    faults.push(`Column "${name}" has min ${column.min} above max ${column.max}.`);
  }
  const moves = column.change === 'rises' || column.change === 'falls';
  if (moves && !['number', 'integer', 'timestamp'].includes(type)) {
    faults.push(
      `Column "${name}" is a ${type}: change is never, or left out; only numbers and times rise or fall.`,
    );
  }
  if (column.allowed && type !== 'string' && type !== 'boolean') {
    faults.push(`Column "${name}" is a ${type}: allowed values are for strings and booleans.`);
  }
  if (column.maxLength !== undefined && type !== 'string') {
    faults.push(`Column "${name}" is a ${type}: maxLength is for strings.`);
  }
  if (column.maxLength !== undefined && column.maxLength > LONGEST_TEXT) {
    faults.push(`Column "${name}" has maxLength ${column.maxLength}; at most ${LONGEST_TEXT} is possible.`);
  }
  if (column.class === 'identifier' && type !== 'string') {
    faults.push(`Column "${name}" is an identifier and so must be a string.`);
  }
  if (column.normalise && column.class !== 'identifier') {
    faults.push(`Column "${name}" is no identifier: normalise is for identifiers.`);
  }
  if (column.class === 'time' && type !== 'timestamp') {
    faults.push(`Column "${name}" is the event time and so must be a timestamp.`);
  }
  return faults;
}

function labelFaults({ columns, label, decisionThreshold }: DatasetContract): string[] {
  const faults: string[] = [];
  const column = columns.find((each) => each.name === label.column);
  if (!column) faults.push(`The label column "${label.column}" is not among the columns.`);
  else if (column.class !== 'label') faults.push(`The label column "${label.column}" must have class label.`);
  else if (column.type !== 'string' && column.type !== 'boolean') {
    faults.push(`The label column "${label.column}" must be a string or a boolean.`);
  } else {
    const outside = [label.positive, label.negative].find(
      (value) => column.allowed && !column.allowed.includes(value),
    );
    if (outside !== undefined) faults.push(`The label's value "${outside}" is not among its allowed values.`);
  }
  for (const other of columns.filter((each) => each.class === 'label' && each.name !== label.column)) {
    faults.push(`Column "${other.name}" has class label, but the label is "${label.column}".`);
  }
  if (label.positive === label.negative)
    faults.push('The positive and the negative value of the label are the same.');
  if (label.favourable !== label.positive && label.favourable !== label.negative) {
    faults.push(`The favourable value "${label.favourable}" is neither the positive nor the negative one.`);
  }
  if (decisionThreshold < 0 || decisionThreshold > 1) {
    faults.push(`The decision threshold ${decisionThreshold} is no probability.`);
  }
  return faults;
}

function referenceFaults({ columns, key, groups }: DatasetContract): string[] {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const faults = key
    .filter((name) => !byName.has(name))
    .map((name) => `The key column "${name}" is not among the columns.`);
  for (const name of groups) {
    if (byName.get(name)?.class !== 'sensitive')
      faults.push(`The group "${name}" is no column of class sensitive.`);
  }
  if (new Set(key).size !== key.length) faults.push('A key column is named twice.');
  if (!columns.some((column) => column.class === 'feature')) faults.push('No column has class feature.');
  const times = columns.filter((column) => column.class === 'time');
  if (times.length > 1) faults.push('More than one column has class time.');
  return faults;
}

/** Columns that would change their type, which the dataset's table cannot follow. */
export function typeChanges(earlier: readonly DatasetContract[], contract: DatasetContract): string[] {
  const before = new Map<string, ContractColumn>();
  for (const { columns } of earlier) {
    for (const column of columns) before.set(column.name.toLowerCase(), column);
  }
  return contract.columns.flatMap((column) => {
    const was = before.get(column.name.toLowerCase());
    return was === undefined || storedAs(was) === storedAs(column)
      ? []
      : [
          `Column "${column.name}" was ${storedAs(was)} in an earlier version and cannot become ${storedAs(column)}.`,
        ];
  });
}

/** The name is a part of it: a table tells columns apart without regard to case. */
const storedAs = ({ name, type, class: role }: ContractColumn): string =>
  `${role === 'identifier' ? 'encrypted ' : ''}${type} "${name}"`;
