import type { ContractAnswer, UploadAnswer } from '@steward/client/answers';
import { byRule, bytes, count, short } from '../format';
import { counted, openFile, readDefinition } from '../read-input';
import type { CommonOptions, Session } from '../session';
import { common, type Verb } from '../verb';

interface Options extends CommonOptions {
  readonly dataset: string;
  readonly contract?: string;
}

/** A large file takes as long as it takes. */
const UPLOAD_MS = 24 * 3_600_000;

export const registerIngest: Verb = (program, open) => {
  common(program.command('ingest'))
    .description('send a CSV file into a dataset; bad rows go to quarantine')
    .argument('<file>', 'CSV file with a header line')
    .requiredOption('-d, --dataset <name>', 'dataset that the rows belong to')
    .option('-c, --contract <file>', 'contract (YAML or JSON) to register first')
    .action(async (file: string, options: Options) => ingest(open(options), file, options));
};

async function ingest(session: Session, file: string, { dataset, contract }: Options): Promise<void> {
  const { client } = session;
  const path = session.path('ingestion', 'datasets', dataset);
  const { size, bytes: content } = openFile(file);
  try {
    const registered =
      contract === undefined
        ? null
        : await client.put<ContractAnswer & { created: boolean }>(
            `${path}/contract`,
            readDefinition(contract),
            { type: 'application/yaml' },
          );
    const answer = await session.progress(`sending ${file}`).during((progress) =>
      client.post<UploadAnswer>(
        `${path}/batches`,
        counted(content, (sent) =>
          sent < size
            ? progress.update(`${bytes(sent)} of ${bytes(size)}`, sent / size)
            : progress.update('checking each row against the contract'),
        ),
        { type: 'text/csv', timeoutMs: UPLOAD_MS },
      ),
    );
    session.show({ contract: registered, ...answer }, () => describe(dataset, answer, registered));
  } finally {
    content.destroy();
  }
}

function describe(
  dataset: string,
  answer: UploadAnswer,
  contract: (ContractAnswer & { created: boolean }) | null,
): string {
  const { read, accepted, quarantined, version, duplicate, batch } = answer;
  const lines = contract
    ? [
        `Contract version ${contract.version} (${short(contract.digest)}) ${contract.created ? 'registered' : 'was there already'}.`,
      ]
    : [];
  lines.push(
    `${count(read)} read = ${count(accepted)} accepted + ${count(quarantined)} quarantined` +
      (quarantined > 0 ? ` (${byRule(answer.byRule)})` : ''),
  );
  if (duplicate) lines.push('These bytes were sent before under this contract: nothing was added.');
  lines.push(
    version === null
      ? 'No row was accepted, so there is no new version.'
      : `Dataset version ${version}, batch ${batch}.`,
  );
  if (quarantined > 0)
    lines.push(`Look at the refused rows: steward datasets ${dataset} --quarantine ${batch}`);
  return lines.join('\n');
}
