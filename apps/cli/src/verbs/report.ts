import { writeFileSync } from 'node:fs';
import { errors } from '@steward/kernel';
import { bytes } from '../format';
import { collectReport } from '../report/collect-report';
import { missingSections } from '../report/report-data';
import { renderReport } from '../report/render-report';
import type { CommonOptions, Session } from '../session';
import { common, positive, type Verb } from '../verb';

interface Options extends CommonOptions {
  readonly model: string;
  readonly output: string;
  readonly entries: number;
}

export const registerReport: Verb = (program, open) => {
  common(program.command('report'))
    .description("write one HTML report of a model's life, with the audit log verified")
    .requiredOption('-m, --model <model>', 'model')
    .requiredOption('-o, --output <file>', 'HTML file to write')
    .option('--entries <number>', 'newest audit entries of the project to show', positive, 60)
    .action(async (options: Options) => report(open(options), options));
};

async function report(session: Session, { model, output, entries }: Options): Promise<void> {
  const { project, client } = session;
  const data = await session
    .progress(`collecting what is known of ${model}`)
    .during((progress) =>
      collectReport(client, { project, model, entries }, (label) => progress.update(label)),
    );
  const html = renderReport(data);
  try {
    writeFileSync(output, html);
  } catch (cause) {
    throw errors.invalid('CLI.FILE_UNWRITABLE', `${output} cannot be written: ${(cause as Error).message}`, {
      cause,
    });
  }
  const missing = missingSections(data);
  session.show({ file: output, bytes: Buffer.byteLength(html), missing }, () =>
    [
      `Report written to ${output} (${bytes(Buffer.byteLength(html))}).`,
      ...missing.map(({ section, why }) => `  missing: ${section}. ${why}`),
    ].join('\n'),
  );
}
