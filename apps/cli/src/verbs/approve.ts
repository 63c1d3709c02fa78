import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isId } from '@steward/kernel';
import type { ApprovalAnswer, GateAnswer, Page } from '@steward/client/answers';
import { usage } from '../cli-error';
import { causesByPerson } from '../causes-by-person';
import { figure, short, time, words } from '../format';
import { People } from '../people';
import { openFile } from '../read-input';
import type { CommonOptions, Session } from '../session';
import { facts, table } from '../table';
import { common, type Verb } from '../verb';

/** 32 MiB at most are taken; a slow line has its time. */
const UPLOAD_MS = 600_000;

interface Options extends CommonOptions {
  readonly reject?: boolean;
  readonly waive?: string;
  readonly requestChanges?: boolean;
  readonly answer?: boolean;
  readonly comment?: boolean;
  readonly attach?: string;
  readonly title?: string;
  readonly evidence?: string;
  readonly output?: string;
  readonly reason?: string;
  readonly show?: boolean;
  readonly all?: boolean;
}

export const registerApprove: Verb = (program, open) => {
  common(program.command('approve'))
    .description('approve a request; without an id: the open requests and their gates')
    .argument('[id]', 'approval request')
    .option('--show', 'only show the request')
    .option('--reject', 'reject it (with --reason)')
    .option('--waive <gate>', 'waive a gate that failed (with --reason)')
    .option('--request-changes', 'ask for changes before anybody decides (with --reason)')
    .option('--answer', 'answer requested changes, as who asked for the approval (with --reason)')
    .option('--comment', 'only remark something (with --reason)')
    .option(
      '--attach <file-or-digest>',
      'attach evidence: a file, or what the artifact store holds (with --title)',
    )
    .option('--title <text>', 'with --attach: what it is')
    .option('--evidence <digest>', 'download attached evidence (with --output)')
    .option('-o, --output <file>', 'with --evidence: where to')
    .option('--reason <text>', 'why; kept with the decision')
    .option('--all', 'without an id: requests in every state')
    .action(async (id: string | undefined, options: Options) => {
      check(id, options);
      const session = open(options);
      if (id === undefined) return list(session, options.all === true);
      if (options.attach !== undefined) return attach(session, id, options.attach, options.title ?? '');
      if (options.evidence !== undefined)
        return evidence(session, id, options.evidence, options.output ?? '');
      return options.show ? show(session, id) : decide(session, id, options);
    });
};

function check(id: string | undefined, options: Options): void {
  const { reject, waive, reason, show: look, requestChanges, answer, comment } = options;
  const files = [options.attach, options.evidence].filter((each) => each !== undefined).length;
  const spoken = [reject, waive !== undefined, requestChanges, answer, comment].filter(Boolean).length;
  if (spoken + files + (look ? 1 : 0) > 1)
    throw usage(
      'Choose one of --show, --reject, --waive, --request-changes, --answer, --comment, --attach and --evidence.',
    );
  if ((options.attach === undefined) !== (options.title === undefined))
    throw usage('Evidence needs a title: --attach FILE --title "..."');
  if ((options.evidence === undefined) !== (options.output === undefined))
    throw usage('Say which evidence and where to: --evidence DIGEST --output FILE');
  if (id === undefined && (spoken + files > 0 || look)) throw usage('Say which request: steward approve ID');
  if (spoken > 0 && reason === undefined) throw usage('That needs a reason: --reason "..."');
  const valid: boolean = id === undefined || isId(id);
  if (!valid) throw usage(`"${id}" is no id of an approval request. List them: steward approve`);
}

async function list(session: Session, all: boolean): Promise<void> {
  const page = await session.client.get<Page<ApprovalAnswer>>(session.path('governance', 'approvals'), {
    ...(all ? {} : { state: 'open' }),
    limit: 200,
  });
  const blocks = session.json ? [] : await Promise.all(page.items.map((each) => describe(session, each)));
  session.show(page, () => (blocks.length === 0 ? 'No approval request is open.' : blocks.join('\n\n')));
}

const DIGEST = /^[0-9a-f]{64}$/;

async function attach(session: Session, id: string, what: string, title: string): Promise<void> {
  const path = session.path('governance', 'approvals', id);
  if (DIGEST.test(what)) {
    const known = await session.client.post<{ digest: string }>(`${path}/evidence`, { digest: what, title });
    return session.show(known, () => `Attached: ${title}.`);
  }
  const { bytes } = openFile(what);
  try {
    const stored = await session.progress(`sending ${what}`).during(() =>
      session.client.post<{ digest: string }>(`${path}/evidence-files`, bytes, {
        type: 'application/octet-stream',
        query: { title },
        timeoutMs: UPLOAD_MS,
      }),
    );
    session.show(stored, () => `Attached: ${title}, ${stored.digest}.`);
  } finally {
    bytes.destroy();
  }
}

async function evidence(session: Session, id: string, digest: string, file: string): Promise<void> {
  const path = session.path('governance', 'approvals', id, 'evidence', digest);
  await session
    .progress(`writing ${file}`)
    .during(() => pipeline(Readable.from(session.client.stream(path)), createWriteStream(file)));
  session.show({ file }, () => `Written to ${file}.`);
}

async function show(session: Session, id: string): Promise<void> {
  const found = await session.client.get<ApprovalAnswer>(session.path('governance', 'approvals', id));
  const text = session.json ? '' : await describe(session, found);
  session.show(found, () => text);
}

async function decide(session: Session, id: string, options: Options): Promise<void> {
  const { waive, reason, comment } = options;
  const path = session.path('governance', 'approvals', id);
  if (comment) {
    const remark = await session.client.post(`${path}/comments`, { text: reason });
    session.show(remark, () => 'Your remark stands beside the request; it decides nothing.');
    return;
  }
  const verb = verbOf(options);
  // The digest says which model is meant, should another stand under this id by then.
  const body =
    verb === 'approve'
      ? {
          digest: (await session.client.get<ApprovalAnswer>(path)).digest,
          ...(reason === undefined ? {} : { reason }),
        }
      : { reason, ...(waive === undefined ? {} : { gate: waive }) };
  await session.client.post(`${path}/${verb}`, body);
  const after = await session.client.get<ApprovalAnswer>(path);
  session.show(after, () => outcome(after, verb, waive));
}

function verbOf({ reject, waive, requestChanges, answer }: Options): string {
  if (reject) return 'reject';
  if (waive !== undefined) return 'waive';
  if (requestChanges) return 'request-changes';
  return answer ? 'answer' : 'approve';
}

function outcome(after: ApprovalAnswer, verb: string, gate: string | undefined): string {
  const what = `${after.model} version ${after.version}`;
  if (verb === 'request-changes') return `Changes of ${what} are requested; it waits for an answer.`;
  if (verb === 'answer') return `Answered: a new round begins for ${what}, and everybody decides anew.`;
  if (verb === 'reject') return `Rejected: ${what} does not become ${after.alias}.`;
  if (verb === 'waive') return `Gate ${gate} of ${what} is waived. Approve it: steward approve ID`;
  if (after.state === 'granted') return `Granted: ${what} becomes ${after.alias}.`;
  const needed = after.policy?.approvers ?? 1;
  const given = after.decisions?.filter(({ kind }) => kind === 'approve').length ?? 0;
  return `Your approval of ${what} is kept: ${given} of ${needed} that are needed. State: ${after.state}.`;
}

/** PASS, FAIL, or that somebody waived it. */
export function gateState({ passed, waivedBy }: GateAnswer): string {
  if (passed) return 'pass';
  return waivedBy ? 'waived' : 'FAIL';
}

async function describe(session: Session, request: ApprovalAnswer): Promise<string> {
  const people = new People(session.client);
  const excluded = await Promise.all(
    causesByPerson(request).map(
      async ([person, causes]) => `${await people.name(person)} (${causes.map(words).join(', ')})`,
    ),
  );
  const decisions = await Promise.all(
    (request.decisions ?? []).map(
      async ({ person, kind, gate, decidedAt, reason }) =>
        `${kind}${gate ? ` ${gate}` : ''} by ${await people.name(person)}, ${time(decidedAt)}${reason ? `: ${reason}` : ''}`,
    ),
  );
  const { comparison } = request;
  return [
    facts([
      ['Request', `${request.id}  ${request.state}${request.voidCode ? ` (${request.voidCode})` : ''}`],
      [
        'Model',
        `${request.model} version ${request.version} (${short(request.digest)}) to become ${request.alias}`,
      ],
      ['Replaces', request.replaces ? short(request.replaces) : 'nothing'],
      ['Asked by', `${request.trigger}, ${time(request.openedAt)} UTC, run ${request.runId}`],
      ...(comparison
        ? ([
            [
              'Compared',
              `on ${comparison.rows} rows: champion AUC ${figure(comparison.championAuc)}, candidate ${figure(comparison.candidateAuc)}`,
            ],
          ] as const)
        : []),
      ['May not approve', excluded.join(', ') || 'nobody is excluded'],
      ...decisions.map((decision) => ['Decision', decision] as const),
    ]),
    table(
      ['gate', 'state', 'what was found'],
      request.gates.map((gate) => [gate.gate, gateState(gate), gate.message]),
      'no gates',
    ),
  ].join('\n');
}
