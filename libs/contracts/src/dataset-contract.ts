import { z } from 'zod';
import { field } from './field';

/** What a column's values are. `timestamp` is ISO 8601 in the source, milliseconds since the epoch in tables. */
export const ColumnTypes = ['string', 'number', 'integer', 'boolean', 'timestamp'] as const;
export type ColumnType = (typeof ColumnTypes)[number];

/**
 * identifier: names a person; only ever stored encrypted under the subject's key.
 * sensitive: protected attribute (race, sex); seen by monitoring and ingestion alone, never a champion's input.
 * feature: may be a model's input. label: what is learned. time: when the row's event happened.
 */
export const ColumnClasses = ['identifier', 'sensitive', 'feature', 'label', 'time'] as const;
export type ColumnClass = (typeof ColumnClasses)[number];

export const ContractColumn = z.strictObject({
  name: field.name(),
  type: field.oneOf(ColumnTypes),
  class: field.oneOf(ColumnClasses),
  /** Default false. */
  nullable: field.flag().default(false),
  /** Smallest and largest allowed value (number, integer). */
  min: field.figure().optional(),
  max: field.figure().optional(),
  /** Closed set of allowed values (string, boolean as text). */
  allowed: z.array(field.name()).min(1).max(10_000).optional(),
  /** Longest allowed text. Default 1,000. */
  maxLength: field.count().optional(),
  /**
   * What a person can change of it, for counterfactuals ("what would have to be otherwise"): nothing, or only upwards or
   * downwards. Default: anything.
   */
  change: field.oneOf(['never', 'rises', 'falls']).optional(),
  /** How a direct identifier is normalised before its HMAC: applied in order. */
  normalise: z.array(field.oneOf(['trim', 'lowercase', 'uppercase', 'digits-only', 'nfkc'])).optional(),
});
export type ContractColumn = z.output<typeof ContractColumn>;

/** A dataset contract: what rows must look like and what the decision is about. Written as YAML by people. */
export const DatasetContract = z.strictObject({
  dataset: field.name(),
  columns: z.array(ContractColumn).min(1).max(2_000),
  /** Columns that together name a row; must be unique within a batch. Empty: no key. */
  key: z.array(field.name()).default([]),
  label: z.strictObject({
    column: field.name(),
    /** The label's value that the model predicts the probability of, for example `yes` of `deny`. */
    positive: field.name(),
    /** The label's other value. */
    negative: field.name(),
    /** Which of the two is good for the person concerned. */
    favourable: field.name(),
  }),
  /** Decide for `positive` when its probability is at least this. */
  decisionThreshold: field.figure().default(0.5),
  /** Sensitive columns by which fairness is measured. */
  groups: z.array(field.name()).default([]),
});
export type DatasetContract = z.output<typeof DatasetContract>;
