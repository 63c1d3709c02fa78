import { errors } from '@steward/kernel';
import type { DeltaField, DeltaSchema, DeltaType } from './delta-types';

/** Delta's names of the types that Steward writes, and of those that it reads as one of them. */
const READ_AS: Readonly<Record<string, DeltaType>> = {
  string: 'string',
  double: 'double',
  float: 'double',
  long: 'long',
  integer: 'long',
  short: 'long',
  byte: 'long',
  boolean: 'boolean',
  timestamp: 'timestamp',
};

// What Spark refuses in column names of Parquet files without column mapping.
const FORBIDDEN = /[ ,;{}()\n\t=]/;

/** True if Delta can hold a column of this name without column mapping. */
export function isDeltaColumnName(name: string): boolean {
  return name.length > 0 && !FORBIDDEN.test(name);
}

/** Throws DELTA.INVALID_COLUMN for a name that Delta cannot hold and for names that differ in case alone. */
export function checkSchema(schema: DeltaSchema): void {
  const seen = new Set<string>();
  for (const { name } of schema.fields) {
    const wrong = isDeltaColumnName(name)
      ? seen.has(name.toLowerCase())
        ? 'differs from another in case alone'
        : null
      : 'is empty or holds a space, a line feed, a tab or one of ,;{}()=';
    if (wrong) {
      throw errors.invalid('DELTA.INVALID_COLUMN', `The column name "${name}" ${wrong}.`, {
        details: { column: name },
      });
    }
    seen.add(name.toLowerCase());
  }
}

/** The `schemaString` of a metaData action. */
export function encodeSchema(schema: DeltaSchema): string {
  const fields = schema.fields.map(({ name, type, nullable }) => ({ name, type, nullable, metadata: {} }));
  return JSON.stringify({ type: 'struct', fields });
}

/** Throws DELTA.UNSUPPORTED for a column of a type that Steward does not read. */
export function decodeSchema(schemaString: string): DeltaSchema {
  const { fields } = JSON.parse(schemaString) as {
    fields: { name: string; type: unknown; nullable: boolean }[];
  };
  return {
    fields: fields.map(({ name, type, nullable }) => {
      const known = typeof type === 'string' ? READ_AS[type] : undefined;
      if (known) return { name, type: known, nullable };
      throw errors.invalid('DELTA.UNSUPPORTED', `Steward does not read Delta columns like "${name}".`, {
        details: { column: name, type },
      });
    }),
  };
}

/**
 * The table's schema after rows of another schema are appended: new columns at the end, nullable; columns that the rows
 * lack become nullable. Throws DELTA.SCHEMA_MISMATCH where a type differs.
 */
export function mergeSchema(table: DeltaSchema, rows: DeltaSchema): DeltaSchema {
  const incoming = new Map(rows.fields.map((field) => [field.name, field]));
  const merged: DeltaField[] = table.fields.map((field) => {
    const other = incoming.get(field.name);
    incoming.delete(field.name);
    if (other && other.type !== field.type) {
      throw errors.conflict(
        'DELTA.SCHEMA_MISMATCH',
        `The table holds column "${field.name}" as ${field.type}; it cannot take ${other.type}.`,
        { details: { column: field.name, table: field.type, rows: other.type } },
      );
    }
    return { ...field, nullable: field.nullable || !other || other.nullable };
  });
  const schema = {
    fields: [...merged, ...[...incoming.values()].map((field) => ({ ...field, nullable: true }))],
  };
  checkSchema(schema);
  return schema;
}
