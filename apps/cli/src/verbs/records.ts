import type { BookEntryAnswer, PurposeAnswer, RecordAnswer } from '@steward/client/answers';
import { usage } from '../cli-error';
import { short, time } from '../format';
import { readDefinition } from '../read-input';
import type { CommonOptions, Session } from '../session';
import { facts, table } from '../table';
import { common, type Verb } from '../verb';

interface Options extends CommonOptions {
  readonly purpose?: string;
  readonly settings?: boolean;
  readonly model?: string;
  readonly bind?: string;
  readonly to?: string;
  readonly file?: string;
}

export const registerRecords: Verb = (program, open) => {
  common(program.command('records'))
    .description('the record of processing (GDPR Art. 30), generated; or write the books behind it')
    .option('--purpose <name>', 'write this purpose (with --file)')
    .option('--settings', 'write controller, officer and whether purposes are required (with --file)')
    .option('--model <name>', 'class the risk of this model (with --file)')
    .option('--bind <kind/name>', 'bind a dataset, pipeline, model or deployment (with --to)')
    .option('--to <purposes>', 'with --bind: purposes, separated by commas; empty: none')
    .option('-f, --file <file>', 'definition (YAML or JSON)')
    .action(async (options: Options) => {
      check(options);
      const session = open(options);
      if (options.bind !== undefined) return bind(session, options.bind, options.to ?? '');
      const place = placeOf(options);
      return place === null ? show(session) : put(session, place, options.file!);
    });
};

function check({ purpose, settings, model, bind: bound, to, file }: Options): void {
  const asked = [purpose, settings, model, bound].filter((each) => each !== undefined).length;
  if (asked > 1) throw usage('Choose one of --purpose, --settings, --model and --bind.');
  if (bound !== undefined && to === undefined) throw usage('Say for which purposes: --to credit,research');
  if (bound !== undefined && !/^(dataset|pipeline|model|deployment)\/[a-z][a-z0-9-]*$/.test(bound))
    throw usage(`"${bound}" is no binding: --bind dataset/applications`);
  const writes = asked === 1 && bound === undefined;
  if (writes !== (file !== undefined)) throw usage('--file goes with --purpose, --settings or --model.');
}

function placeOf({ purpose, settings, model }: Options): string[] | null {
  if (purpose !== undefined) return ['purposes', purpose];
  if (model !== undefined) return ['models', model];
  return settings ? ['settings'] : null;
}

async function put(session: Session, place: readonly string[], file: string): Promise<void> {
  const path = session.path('governance', 'processing', ...place);
  const entry = await session.client.put<BookEntryAnswer<Partial<PurposeAnswer>>>(
    path,
    readDefinition(file),
    { type: 'application/yaml' },
  );
  const basis = place[0] === 'purposes' && !entry.content.lawfulBasis;
  session.show(entry, () =>
    [
      `${place.join(' ')} is at version ${entry.version}.`,
      ...(basis ? ['It has no lawful basis: nothing is trained or answered for it.'] : []),
    ].join('\n'),
  );
}

async function bind(session: Session, bound: string, to: string): Promise<void> {
  const purposes = to.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
  const path = session.path('governance', 'processing', 'bindings', ...bound.split('/'));
  const answer = await session.client.put<{ purposes: string[] }>(path, { purposes });
  session.show(answer, () => `${bound} is bound to ${answer.purposes.join(', ') || 'no purpose'}.`);
}

async function show(session: Session): Promise<void> {
  const record = await session.client.get<RecordAnswer>(session.path('governance', 'processing', 'record'));
  session.show(record, () =>
    [
      facts([
        ['Record', `${record.project}, ${time(record.generatedAt)} UTC (${short(record.digest)})`],
        ['Controller', record.controller && `${record.controller.name}, ${record.controller.contact}`],
        ['Officer', record.dataProtectionOfficer?.name],
        ['Purposes', record.purposeRequired ? 'required of everything' : 'enforced where something is bound'],
      ]),
      '',
      table(
        ['purpose', 'state', 'basis', 'special categories', 'bound to', 'data'],
        record.purposes.map((each) => [
          each.purpose,
          each.state,
          each.lawfulBasis ? `Art. 6(1)(${each.lawfulBasis.article})` : 'NONE',
          each.specialCategories
            .map(
              ({ category, condition }) => `${category} ${condition ? `9(2)(${condition})` : 'NO CONDITION'}`,
            )
            .join(', '),
          each.bound.map(({ kind, name }) => `${kind}/${name}`).join(', '),
          `${each.dataCategories.length} columns`,
        ]),
        'No purpose yet. Write one: steward records --purpose NAME --file purpose.yaml',
      ),
      '',
      table(
        ['missing', 'about', 'owed by'],
        record.gaps.map(({ missing, about, owedBy }) => [missing, about, owedBy]),
        'Nothing is missing.',
      ),
    ].join('\n'),
  );
}
