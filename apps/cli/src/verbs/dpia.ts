import type { ImpactAssessmentAnswer, Page } from '@steward/client/answers';
import { usage } from '../cli-error';
import { short, time } from '../format';
import { People } from '../people';
import { readDefinition } from '../read-input';
import type { CommonOptions, Session } from '../session';
import { facts, table } from '../table';
import { common, positive, type Verb } from '../verb';

interface Options extends CommonOptions {
  readonly file?: string;
  readonly sign?: number;
}

export const registerDpia: Verb = (program, open) => {
  common(program.command('dpia'))
    .description('impact assessments of models (GDPR Art. 35); write one, or sign it as another person')
    .argument('[model]')
    .option('-f, --file <file>', 'what people say (YAML or JSON); the rest is filled in')
    .option('--sign <version>', 'sign this version', positive)
    .action(async (model: string | undefined, options: Options) => {
      const { file, sign: version } = options;
      if (model === undefined && (file !== undefined || version !== undefined))
        throw usage('Say which model: steward dpia MODEL');
      if (file !== undefined && version !== undefined) throw usage('Choose one of --file and --sign.');
      const session = open(options);
      if (model === undefined) return list(session);
      if (file !== undefined) return write(session, model, file);
      return version === undefined ? show(session, model) : sign(session, model, version);
    });
};

async function list(session: Session): Promise<void> {
  const path = session.path('governance', 'impact-assessments');
  const page = await session.client.get<Page<ImpactAssessmentAnswer>>(path);
  session.show(page, () =>
    table(
      ['model', 'version', 'risks', 'written (UTC)', 'signed (UTC)'],
      page.items.map((each) => [
        each.model,
        each.version,
        each.body.risks.length,
        time(each.writtenAt),
        each.signedAt === null ? 'NO' : time(each.signedAt),
      ]),
      'No impact assessment yet. Write one: steward dpia MODEL --file dpia.yaml',
    ),
  );
}

async function write(session: Session, model: string, file: string): Promise<void> {
  const path = session.path('governance', 'impact-assessments', model);
  const options = { type: 'application/yaml' };
  const made = await session.client.put<ImpactAssessmentAnswer>(path, readDefinition(file), options);
  session.show(
    made,
    () => `Version ${made.version} of the assessment of ${model} waits for another person’s signature.`,
  );
}

async function sign(session: Session, model: string, version: number): Promise<void> {
  await session.client.post(`${session.path('governance', 'impact-assessments', model)}/sign`, { version });
  session.show({ model, signed: version }, () => `Version ${version} of ${model} is signed.`);
}

async function show(session: Session, model: string): Promise<void> {
  const path = session.path('governance', 'impact-assessments', model);
  const found = await session.client.get<ImpactAssessmentAnswer>(path);
  const people = new People(session.client);
  const [writer, signer] = await Promise.all([
    people.name(found.writtenBy),
    found.signedBy === null ? null : people.name(found.signedBy),
  ]);
  session.show(found, () =>
    [
      facts([
        ['Assessment', `${model}, version ${found.version}, about ${short(found.scopeDigest)}`],
        ['Written', `${writer}, ${time(found.writtenAt)} UTC`],
        ['Signed', signer === null ? 'NO' : `${signer}, ${time(found.signedAt)} UTC`],
      ]),
      table(
        ['risk', 'remains'],
        found.body.risks.map(({ risk, residual }) => [risk, residual]),
        'no risks',
      ),
    ].join('\n'),
  );
}
