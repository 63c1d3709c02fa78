/**
 * The rules of the house that no linter knows. `node tools/checks/run.mjs [--root DIR] [--entries]`.
 * A rule that read too few files proves nothing, so there is a floor.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { docComments } from './rules/doc-comments.mjs';
import { entryDecisions } from './rules/entry-decisions.mjs';
import { fileRoles } from './rules/file-roles.mjs';
import { environmentReads, eventRegistry, everyProjectHas, lockHoldsNoHost } from './rules/house.mjs';
import { projectBoundaries } from './rules/project-boundaries.mjs';
import { sourceFiles } from './source-files.mjs';

const FEWEST_FILES = 150;
const FEWEST_ENTRIES = 40;

const flag = process.argv.indexOf('--root');
const root =
  flag > 0 ? process.argv[flag + 1] : join(fileURLToPath(new URL('.', import.meta.url)), '..', '..');

const files = sourceFiles(root);
const { faults: undecided, entries } = entryDecisions(files);
const faults = [
  ...(files.length < FEWEST_FILES
    ? [`Only ${files.length} source files were read; at least ${FEWEST_FILES} are expected.`]
    : []),
  ...(entries.length < FEWEST_ENTRIES
    ? [`Only ${entries.length} routes and RPCs were found; at least ${FEWEST_ENTRIES} are expected.`]
    : []),
  ...projectBoundaries(root, files),
  ...fileRoles(files),
  ...docComments(files),
  ...undecided,
  ...environmentReads(files),
  ...eventRegistry(root, files),
  ...everyProjectHas(root),
  ...lockHoldsNoHost(root),
];

if (process.argv.includes('--entries')) process.stdout.write(`${entries.join('\n')}\n`);
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.stdout.write(`${files.length} files and ${entries.length} entries read, ${faults.length} faults.\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
