import { Body, Param, Query, type PipeTransform } from '@nestjs/common';
import { ApiBody, ApiParam, ApiQuery } from '@nestjs/swagger';
import { errors } from '@steward/kernel';
import { z } from 'zod';

type Place = 'body' | 'query' | 'path';

const NAMES: Readonly<Record<Place, string>> = {
  body: 'The body',
  query: 'The query',
  path: 'The path',
};

/** Most faults that are told at once. */
const MOST_FAULTS = 20;

/**
 * Parses a value by a zod schema. Throws AppError `<PLACE>.INVALID` that names each field and what is wrong with it.
 * The values themselves are not echoed: they may be personal data.
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  place: Place,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.slice(0, MOST_FAULTS).map((issue) => ({
    field: issue.path.map(String).join('.'),
    message: issue.message,
  }));
  const told = faults.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join('; ');
  const hint =
    place === 'body' && value === undefined
      ? ' Send JSON (or YAML where the route takes it) with its content-type.'
      : '';
  throw errors.invalid(
    `REQUEST.${place.toUpperCase()}_INVALID`,
    `${NAMES[place]} is not valid: ${told}.${hint}`,
    {
      details: { faults },
    },
  );
}

class ZodPipe implements PipeTransform {
  constructor(
    private readonly schema: z.ZodType,
    private readonly place: Place,
  ) {}

  transform(value: unknown): unknown {
    return parseInput(this.schema, value, this.place);
  }
}

type OpenApiSchema = Readonly<Record<string, unknown>>;

/** The OpenAPI schema of a zod schema, as callers send it. */
export function openApiSchema(schema: z.ZodType): OpenApiSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    target: 'openapi-3.0',
    unrepresentable: 'any',
  });
}

/** The body, parsed by a zod schema and shown in OpenAPI. */
export function ZodBody(schema: z.ZodType): ParameterDecorator {
  return (target, key, index) => {
    Body(new ZodPipe(schema, 'body'))(target, key, index);
    document(target, key, ApiBody({ schema: openApiSchema(schema) }));
  };
}

/** The query, parsed by a zod object (values arrive as text: use z.coerce) and shown in OpenAPI. */
export function ZodQuery(schema: z.ZodObject): ParameterDecorator {
  return (target, key, index) => {
    Query(new ZodPipe(schema, 'query'))(target, key, index);
    for (const [name, part, required] of partsOf(schema)) {
      document(target, key, ApiQuery({ name, required, schema: part }));
    }
  };
}

/** The route's parameters, parsed by a zod object and shown in OpenAPI. */
export function ZodParams(schema: z.ZodObject): ParameterDecorator {
  return (target, key, index) => {
    Param(new ZodPipe(schema, 'path'))(target, key, index);
    for (const [name, part] of partsOf(schema)) document(target, key, ApiParam({ name, schema: part }));
  };
}

function partsOf(schema: z.ZodObject): [string, OpenApiSchema, boolean][] {
  const { properties = {}, required = [] } = openApiSchema(schema) as {
    properties?: Record<string, OpenApiSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, part]) => [name, part, required.includes(name)]);
}

/** Applies a method decorator from within a parameter decorator. */
function document(target: object, key: string | symbol | undefined, decorate: MethodDecorator): void {
  if (key === undefined) throw new Error('This decorator belongs on a parameter of a handler.');
  const descriptor = Object.getOwnPropertyDescriptor(target, key);
  if (descriptor) decorate(target, key, descriptor);
}
