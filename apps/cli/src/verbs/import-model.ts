import { readFileSync, statSync } from 'node:fs';
import type { ModelVersionAnswer } from '@steward/client/answers';
import { errors } from '@steward/kernel';
import { parse } from 'yaml';
import { short } from '../format';
import { readDefinition } from '../read-input';
import type { CommonOptions, Session } from '../session';
import { facts } from '../table';
import { common, type Verb } from '../verb';

interface Options extends CommonOptions {
  readonly signature: string;
  readonly model: string;
}

const LARGEST_MODEL = 256 * 1024 * 1024;
const CHECK_MS = 180_000;

/** `steward models import`: a model from elsewhere becomes a version that waits for approval. */
export const registerImport: Verb = (models, open) => {
  common(models.command('import'))
    .description('bring a model as ONNX; it is checked, registered, and waits for approval')
    .argument('<file>', 'the ONNX file')
    .requiredOption('-s, --signature <file>', 'what it takes and answers (YAML or JSON)')
    .requiredOption('-m, --model <name>', 'the model that it becomes a version of')
    .action(async (file: string, _own: unknown, command: { optsWithGlobals: () => Options }) => {
      const options = command.optsWithGlobals();
      return importModel(open(options), file, options);
    });
};

async function importModel(session: Session, file: string, { signature, model }: Options): Promise<void> {
  const head = Buffer.from(JSON.stringify(parse(readDefinition(signature))));
  const body = Buffer.concat([head, readModel(file)]);
  const version = await session.progress(`checking ${file}`).during(() =>
    session.client.post<ModelVersionAnswer>(session.path('training', 'models', model, 'imports'), body, {
      type: 'application/octet-stream',
      query: { signatureLength: head.byteLength },
      timeoutMs: CHECK_MS,
    }),
  );
  session.show(version, () =>
    [
      facts([
        ['Model', `${model} v${version.version}`],
        ['Digest', short(version.digest)],
        ['Inputs', version.descriptor.inputs.map(({ name }) => name).join(', ')],
      ]),
      'Nothing of it was measured here, so gates on figures fail until they are waived. It waits for: steward approve',
    ].join('\n'),
  );
}

function readModel(file: string): Buffer {
  try {
    if (statSync(file).size > LARGEST_MODEL) throw new Error('it is larger than 256 MiB');
    return readFileSync(file);
  } catch (error) {
    throw errors.invalid(
      'CLI.FILE_UNREADABLE',
      `The file ${file} cannot be read: ${(error as Error).message}`,
    );
  }
}
