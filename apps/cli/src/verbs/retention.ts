import type { Command } from 'commander';
import { verifyDocument, VerifierKey, type SignedDocument } from '@steward/audit-log';
import { readDefinition } from '../read-input';
import { count, time, words } from '../format';
import type { CommonOptions, Session } from '../session';
import { table } from '../table';
import { collect, common, positive, type Verb } from '../verb';

/** As governance signs it (apps/governance/src/retention). */
const EVIDENCE_KIND = 'steward-retention-evidence/1';

interface Scheduled {
  readonly class: string;
  readonly dataset: string | null;
  readonly days: number;
  readonly enforced: boolean;
  readonly because: readonly { readonly kind: string; readonly name: string; readonly days: number }[];
}
interface Hold {
  readonly id: string;
  readonly dataset: string | null;
  readonly class: string | null;
  readonly reason: string;
  readonly until: string | null;
  readonly placedBy: string;
  readonly liftedAt: string | null;
}
interface Part {
  readonly service?: string;
  readonly class: string;
  readonly store: string;
  readonly name: string;
  readonly items: number;
  readonly oldest: string | null;
}
interface Run {
  readonly id: string;
  readonly state: string;
  readonly unattended: boolean;
  readonly openedBy: string;
  readonly openedAt: string;
  readonly confirmedBy: string | null;
  readonly deletedItems: number | null;
  readonly counts: readonly Part[] | null;
  readonly held: readonly { readonly class: string; readonly dataset: string | null }[];
}
interface Evidence {
  readonly runId: string;
  readonly confirmedBy: string | null;
  readonly services: readonly { readonly service: string; readonly deleted: readonly Part[] }[];
}
interface Items<Item> {
  readonly items: readonly Item[];
}

type Options = CommonOptions & {
  readonly file?: string;
  readonly all?: boolean;
  readonly reason?: string;
  readonly until?: string;
  readonly dataset?: string;
  readonly class?: string[];
  readonly limit?: number;
};

/** How long data are kept, legal holds, and runs that delete what has outlived its time. */
export const registerRetention: Verb = (program, open) => {
  const retention = program.command('retention').description('storage limitation (GDPR 5(1)(e))');
  const verb = (name: string, about: string): Command => common(retention.command(name)).description(about);
  const at = (session: Session, ...path: string[]): string =>
    session.path('governance', 'retention', ...path);

  verb('schedule', 'how long everything is kept: the strictest of purposes and policy').action(
    async (options: Options) => schedule(open(options), at),
  );

  verb('policy', 'rules beside what the purposes say; with --file: sets them')
    .option('-f, --file <file>', 'rules and unattended (YAML or JSON)')
    .action(async ({ file, ...options }: Options) => {
      const session = open(options);
      const path = at(session, 'policy');
      const type = { type: 'application/yaml' };
      const held = await (file === undefined
        ? session.client.get<object>(path)
        : session.client.put<object>(path, readDefinition(file), type));
      session.show(held, () => JSON.stringify(held, null, 2));
    });

  verb('holds', 'legal holds in force')
    .option('--all', 'those that are over as well')
    .action(async ({ all, ...options }: Options) => holds(open(options), at, all ?? false));

  verb('hold', 'places a legal hold: what it covers is not deleted by age')
    .requiredOption('--reason <text>', 'why')
    .option('-d, --dataset <dataset>', 'only this dataset; default: the whole project')
    .option('--class <class>', 'only this class; default: every class', collect)
    .option('--until <time>', 'when it ends by itself (ISO 8601); default: when it is lifted')
    .action(async ({ reason, dataset, until, class: classes, ...options }: Options) => {
      const session = open(options);
      const placed: Hold[] = [];
      for (const each of classes ?? [null]) {
        const body = { reason, dataset: dataset ?? null, until: until ?? null, class: each };
        placed.push(await session.client.post<Hold>(at(session, 'holds'), body));
      }
      session.show({ items: placed }, () => placed.map(({ id }) => `Legal hold ${id} is placed.`).join('\n'));
    });

  verb('lift', 'lifts a legal hold')
    .argument('<id>')
    .requiredOption('--reason <text>', 'why')
    .action(async (id: string, { reason, ...options }: Options) => {
      const session = open(options);
      await session.client.post(at(session, 'holds', id, 'lift'), { reason });
      session.show({ lifted: id }, () => `Legal hold ${id} is lifted.`);
    });

  verb('run', 'opens a run: every service counts what would go; nothing is deleted')
    .option('--class <class>', 'only this class; several times', collect)
    .action(async ({ class: classes, ...options }: Options) => {
      const session = open(options);
      const made = await session.client.post<Run>(at(session, 'runs'), classes ? { classes } : {});
      session.show(made, () => `Run ${made.id} counts. Look at it: steward retention runs ${made.id}`);
    });

  verb('runs', 'runs, newest first; or one: what would go')
    .argument('[id]', 'a run')
    .option('--limit <runs>', 'at most so many', positive, 50)
    .action(async (id: string | undefined, { limit, ...options }: Options) => {
      const session = open(options);
      if (id !== undefined) return show(session, await session.client.get<Run>(at(session, 'runs', id)));
      return list(session, await session.client.get<Items<Run>>(at(session, 'runs'), { limit }));
    });

  for (const [name, about] of [
    ['confirm', 'lets a run delete what was counted: another person than who opened it'],
    ['cancel', 'ends a run that has deleted nothing yet'],
  ] as const)
    verb(name, about)
      .argument('<id>')
      .action(async (id: string, options: Options) => {
        const session = open(options);
        show(session, await session.client.post<Run>(at(session, 'runs', id, name)));
      });

  verb('evidence', 'what a run deleted, with its signature verified')
    .argument('<id>')
    .action(async (id: string, options: Options) => {
      const session = open(options);
      await evidence(session, at(session, 'runs', id, 'evidence'));
    });
};

type At = (session: Session, ...path: string[]) => string;

async function schedule(session: Session, at: At): Promise<void> {
  const page = await session.client.get<Items<Scheduled>>(at(session, 'schedule'));
  session.show(page, () =>
    table(
      ['class', 'dataset', 'days', 'because'],
      page.items.map(({ class: each, dataset, days, because, enforced }) => [
        each,
        dataset ?? '',
        count(days),
        enforced
          ? because.map((ground) => `${ground.kind} ${ground.name}: ${ground.days}`).join(', ')
          : 'gone at once',
      ]),
      'Neither a purpose nor the policy says how long data are kept.',
    ),
  );
}

async function holds(session: Session, at: At, all: boolean): Promise<void> {
  const page = await session.client.get<Items<Hold>>(at(session, 'holds'), all ? { all: 'true' } : {});
  session.show(page, () =>
    table(
      ['hold', 'dataset', 'class', 'until (UTC)', 'by', 'reason'],
      page.items.map((hold) => [
        hold.id,
        hold.dataset ?? 'all',
        hold.class ?? 'all',
        hold.liftedAt ? `lifted ${time(hold.liftedAt)}` : time(hold.until),
        hold.placedBy,
        hold.reason,
      ]),
      'There is no legal hold.',
    ),
  );
}

function list(session: Session, page: Items<Run>): void {
  session.show(page, () =>
    table(
      ['run', 'state', 'opened (UTC)', 'by', 'confirmed by', 'counted', 'deleted'],
      page.items.map((run) => [
        run.id,
        words(run.state),
        time(run.openedAt),
        run.openedBy,
        run.confirmedBy ?? (run.unattended ? 'policy' : ''),
        run.counts ? count(itemsOf(run.counts)) : '',
        run.deletedItems === null ? '' : count(run.deletedItems),
      ]),
      'There has been no run.',
    ),
  );
}

function show(session: Session, run: Run): void {
  session.show(run, () =>
    [
      `Run ${run.id}: ${words(run.state)}.`,
      ...(run.counts ? [parts(run.counts, run.state === 'empty' ? 'Nothing is due.' : '')] : []),
      ...run.held.map((held) => `Held: ${held.class} ${held.dataset ?? ''}`.trim()),
    ].join('\n'),
  );
}

async function evidence(session: Session, path: string): Promise<void> {
  const signed = await session.client.get<SignedDocument<Evidence>>(path);
  const { publicKey } = await session.anonymous.get<{ publicKey: string }>('/governance/v1/audit/public-key');
  verifyDocument(EVIDENCE_KIND, signed, VerifierKey.parse(publicKey));
  const { runId, confirmedBy, services } = signed.document;
  const deleted = services.flatMap(({ service, deleted: gone }) =>
    gone.map((part) => ({ ...part, service })),
  );
  session.show(signed, () =>
    [
      `The evidence of run ${runId}, confirmed by ${confirmedBy ?? 'nobody'}, is signed by the audit log's key.`,
      parts(deleted, 'Nothing was deleted.'),
    ].join('\n'),
  );
}

const parts = (found: readonly Part[], none: string): string =>
  table(
    ['service', 'class', 'store', 'name', 'items', 'oldest (UTC)'],
    found.map((part) => [
      part.service ?? '',
      part.class,
      part.store,
      part.name,
      count(part.items),
      time(part.oldest),
    ]),
    none,
  );

const itemsOf = (found: readonly Part[]): number => found.reduce((sum, { items }) => sum + items, 0);
