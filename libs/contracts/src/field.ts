import { z } from 'zod';

/**
 * What a field of an event holds. Domain events and audit entries may hold all but `personal`; a test walks every
 * schema and refuses a leaf without a class, and `personal` on a topic that is kept longer than 30 days.
 */
export const FieldClasses = [
  'id',
  'pseudonym',
  'digest',
  'code',
  'figure',
  'name',
  'time',
  'personal',
] as const;
export type FieldClass = (typeof FieldClasses)[number];

const classed = <T extends z.ZodType>(schema: T, fieldClass: FieldClass): T => schema.meta({ fieldClass });

/** Constructors of classed leaves. Every leaf of an event schema is made by one of these. */
export const field = {
  /** Id of an object, person, service or key. */
  id: () => classed(z.string().min(1).max(200), 'id'),
  /** Random pseudonym of a data subject. */
  pseudonym: () => classed(z.string().regex(/^sub_[0-9a-f]{32}$/), 'pseudonym'),
  /** SHA-256, 64 hexadecimal digits. */
  digest: () => classed(z.string().regex(/^[0-9a-f]{64}$/), 'digest'),
  /** One of a closed set, or a stable code such as an AppError's. */
  code: () => classed(z.string().min(1).max(100), 'code'),
  oneOf: <const T extends readonly [string, ...string[]]>(values: T) => classed(z.enum(values), 'code'),
  flag: () => classed(z.boolean(), 'code'),
  /** A number. NaN and infinities do not survive JSON: use null for what could not be computed. */
  figure: () => classed(z.number(), 'figure'),
  count: () => classed(z.number().int().nonnegative(), 'figure'),
  /** A name that staff gave to an object (dataset, column, category of a contract): no data of a subject. */
  name: () => classed(z.string().min(1).max(200), 'name'),
  /** A path inside the artifact store. */
  path: () => classed(z.string().min(1).max(500), 'id'),
  /** ISO 8601, UTC. */
  time: () => classed(z.iso.datetime(), 'time'),
  /** Base64 or other encoded cryptographic material that is public. */
  publicKey: () => classed(z.string().min(1).max(2000), 'digest'),
  /** Personal data: only on topics that are kept 30 days at most. */
  personal: () => classed(z.string().max(2000), 'personal'),
} as const;
