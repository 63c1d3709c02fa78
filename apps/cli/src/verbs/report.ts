import { writeFileSync } from 'node:fs';
import { errors } from '@steward/kernel';
import { usage } from '../cli-error';
import { bytes } from '../format';
import { collectReport } from '../report/collect-report';
import { missingSections } from '../report/report-data';
import { renderReport } from '../report/render-report';
import type { CommonOptions, Session } from '../session';
import { registerReportFiles } from './report-files';
import { common, positive, type Verb } from '../verb';

interface Options extends CommonOptions {
  readonly model: string;
  readonly output: string;
  readonly entries: number;
}

export const registerReport: Verb = (program, open) => {
  const command = common(program.command('report'))
    .description(
      "write one HTML report of a model's life, with the audit log verified; or have governance issue reports",
    )
    // Not required options: the commands below would require them too.
    .option('-m, --model <model>', 'model')
    .option('-o, --output <file>', 'HTML file to write')
    .option('--entries <number>', 'newest audit entries of the project to show', positive, 60)
    .action(async ({ model, output, ...options }: Partial<Options> & Pick<Options, 'entries'>) => {
      if (!model || !output)
        throw usage(
          'steward report needs --model MODEL and --output FILE; or: steward report issue, list, get, verify.',
        );
      await report(open(options), { ...options, model, output });
    });
  registerReportFiles(command, open);
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
