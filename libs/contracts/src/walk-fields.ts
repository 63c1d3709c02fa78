import { z } from 'zod';
import type { FieldClass } from './field';

/** A leaf of an event's schema. `fieldClass` undefined: nobody has said what it holds. */
export interface SchemaLeaf {
  /** `roles[].project`, `metrics{}` */
  readonly path: string;
  readonly fieldClass: FieldClass | undefined;
}

interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly in?: z.ZodType;
  readonly out?: z.ZodType;
}

/** Every leaf of a schema. Throws on a construct whose inside it cannot see, so that nothing escapes the walk. */
export function walkFields(schema: z.ZodType, path = ''): SchemaLeaf[] {
  const definition = schema._zod.def as unknown as Definition;
  switch (definition.type) {
    case 'object':
      return Object.entries(definition.shape ?? {}).flatMap(([name, inner]) =>
        walkFields(inner, path === '' ? name : `${path}.${name}`),
      );
    case 'array':
      return walkFields(definition.element!, `${path}[]`);
    case 'record':
      return [
        ...walkFields(definition.keyType!, `${path}{key}`),
        ...walkFields(definition.valueType!, `${path}{}`),
      ];
    case 'union':
      return (definition.options ?? []).flatMap((option) => walkFields(option, path));
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'nonoptional':
      return walkFields(definition.innerType!, path);
    case 'string':
    case 'number':
    case 'int':
    case 'boolean':
    case 'enum':
    case 'literal':
    case 'null': {
      const { fieldClass } = (z.globalRegistry.get(schema) ?? {}) as { fieldClass?: FieldClass };
      return [{ path, fieldClass }];
    }
    default:
      throw new Error(
        `The field classes inside a schema of type "${definition.type}" at ${path} cannot be seen.`,
      );
  }
}
