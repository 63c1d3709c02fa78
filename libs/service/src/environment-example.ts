import type { ServiceName } from '@steward/contracts';
import { z } from 'zod';
import { commonSchema } from './config';

/**
 * The text of a `.env.example` for some services: every setting once, with its description, its default where it has
 * one (commented out), and nothing where it must be given.
 */
export function environmentExample(
  services: readonly { readonly name: ServiceName; readonly config: z.ZodType }[],
): string {
  const blocks = new Map<string, string>();
  for (const { name, config } of services) {
    for (const schema of [commonSchema(name), config]) {
      for (const [variable, field] of fieldsOf(schema)) {
        if (!blocks.has(variable)) blocks.set(variable, block(variable, field));
      }
    }
  }
  return `${[...blocks.values()].join('\n\n')}\n`;
}

function fieldsOf(schema: z.ZodType): [string, z.ZodType][] {
  return schema instanceof z.ZodObject ? (Object.entries(schema.shape) as [string, z.ZodType][]) : [];
}

function block(variable: string, field: z.ZodType): string {
  const fallback = field.safeParse(undefined);
  const about = field.description ?? 'No description.';
  const secret = field.meta()?.['secret'] === true ? ' Secret.' : '';
  if (!fallback.success) return `# ${about}${secret} Required.\n${variable}=`;
  const value: unknown = fallback.data;
  const shown = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return `# ${about}${secret}\n# ${variable}=${shown ? value : ''}`;
}
