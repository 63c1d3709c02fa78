import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const SKIPPED = new Set(['node_modules', 'dist', 'generated', 'coverage', '.nx', 'assembly']);

function* walk(folder) {
  for (const name of readdirSync(folder)) {
    if (SKIPPED.has(name) || name.startsWith('.')) continue;
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* walk(path);
    else if (/\.tsx?$/.test(name) && !name.endsWith('.d.ts')) yield path;
  }
}

/** Imports of a TypeScript file: `from '...'`, `import '...'`, `import('...')` and `require('...')`. */
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)/g;

/**
 * Every TypeScript source file (also .tsx) below apps/, libs/ and tools/ of a checkout.
 * @returns {{ path: string, text: string, imports: { target: string, typeOnly: boolean }[] }[]}
 */
export function sourceFiles(root) {
  return ['apps', 'libs', 'tools'].flatMap((wing) =>
    [...walk(join(root, wing))].map((file) => {
      const text = readFileSync(file, 'utf8');
      const imports = [...text.matchAll(IMPORT)].map((match) => ({
        target: match[2] ?? match[3],
        typeOnly: match[1] !== undefined,
      }));
      return { path: relative(root, file).split(sep).join('/'), text, imports };
    }),
  );
}
