import type {
  DeploymentAnswer,
  ModelDeploymentAnswer,
  Page,
  RequestLimits,
  RolloutAnswer,
} from '@steward/client/answers';
import { bytes, count, figure, short, time, words } from '../format';
import { readDefinition } from '../read-input';
import type { CommonOptions, Session } from '../session';
import { facts, table } from '../table';
import { common, positive, type Verb } from '../verb';

export const registerDeployments: Verb = (program, open) => {
  const deployments = program.command('deployments').description('how models are served');
  common(deployments.command('show'))
    .description('all deployments; of one model: shares, the canary with its gates, the shadow, the log')
    .argument('[model]')
    .action(async (model: string | undefined, options: CommonOptions) => {
      const session = open(options);
      return model === undefined ? list(session) : tell(session, await read(session, model));
    });
  common(deployments.command('looks'))
    .description('how the gates of the newest canary stood over time, with their limits')
    .argument('<model>')
    .action(async (model: string, options: CommonOptions) => looks(open(options), model));
  common(deployments.command('set'))
    .description('set how a model is served')
    .argument('<model>')
    .requiredOption('-f, --file <file>', 'plan (YAML or JSON)')
    .action(async (model: string, options: CommonOptions & { file: string }) => {
      const session = open(options);
      const plan = readDefinition(options.file);
      const answer = await session.client.put<ModelDeploymentAnswer>(
        session.path('inference', 'deployments', model),
        plan,
        { type: 'application/yaml' },
      );
      tell(session, answer);
    });
  for (const [verb, description] of [
    ['advance', 'take the canary one step on, whatever its gates say'],
    ['rollback', 'take the canary back'],
  ] as const) {
    common(deployments.command(verb))
      .description(description)
      .argument('<model>')
      .action(async (model: string, options: CommonOptions) => {
        const session = open(options);
        const path = session.path('inference', 'deployments', model, verb);
        tell(session, await session.client.post<ModelDeploymentAnswer>(path, {}));
      });
  }
  for (const [verb, description, done] of [
    ['unload', 'take a model out of service until it is loaded', 'answers nothing until it is loaded'],
    [
      'load',
      'put the approved version back into service, or try once more what was refused',
      'is in service',
    ],
  ] as const) {
    common(deployments.command(verb))
      .description(description)
      .argument('<model>')
      .action(async (model: string, options: CommonOptions) => {
        const session = open(options);
        const name = encodeURIComponent(`${session.project}.${model}`);
        const answer = await session.client.post<object>(`/v2/repository/models/${name}/${verb}`, {});
        session.show(answer, () => `${session.project}.${model} ${done}.`);
      });
  }
  common(deployments.command('request'))
    .description('ask governance that an alias may point to a version')
    .argument('<model>')
    .argument('<version>', 'number of the version', positive)
    .requiredOption('--alias <alias>', 'canary, shadow, champion, ...')
    .action(async (model: string, version: number, options: CommonOptions & { alias: string }) =>
      ask(open(options), model, version, options.alias),
    );
};

const read = (session: Session, model: string): Promise<ModelDeploymentAnswer> =>
  session.client.get<ModelDeploymentAnswer>(session.path('inference', 'deployments', model));

async function list(session: Session): Promise<void> {
  const page = await session.client.get<Page<DeploymentAnswer>>(session.path('inference', 'deployments'));
  session.show(page, () =>
    table(
      ['model', 'alias', 'version', 'state', 'digest', 'why not'],
      page.items.map(({ model, alias, version, state, digest, failure }) => [
        model,
        alias,
        `v${version}`,
        state,
        short(digest),
        failure ?? '-',
      ]),
      'Nothing is deployed yet: no alias points to an approved version.',
    ),
  );
}

interface LooksAnswer {
  readonly items: readonly {
    readonly step: number;
    readonly at: string;
    readonly gates: RolloutAnswer['gates'];
  }[];
}

async function looks(session: Session, model: string): Promise<void> {
  const path = session.path('inference', 'deployments', model, 'rollout-looks');
  const answer = await session.client.get<LooksAnswer>(path);
  session.show(answer, () =>
    table(
      ['when (UTC)', 'step', 'gate', 'verdict', 'worse by', 'between', 'and', 'observed'],
      answer.items.flatMap(({ at, step, gates }) =>
        gates.map(({ gate, verdict, difference, observed }) => [
          time(at),
          step + 1,
          gate,
          verdict,
          figure(difference?.value),
          figure(difference?.lower),
          figure(difference?.upper),
          count(observed),
        ]),
      ),
      'No canary has been looked at.',
    ),
  );
}

async function ask(session: Session, model: string, version: number, alias: string): Promise<void> {
  const path = session.path('training', 'models', model, 'versions', String(version), 'approval-requests');
  const answer = await session.client.post<{ requestId: string }>(path, { alias });
  session.show(
    answer,
    () => `Asked for ${alias} of ${model} v${version}: approval request ${answer.requestId}.`,
  );
}

function tell(session: Session, answer: ModelDeploymentAnswer): void {
  session.show(answer, () => describe(answer));
}

function describe({
  name,
  planVersion,
  changedBy,
  changedAt,
  traffic,
  rollout,
  ...rest
}: ModelDeploymentAnswer): string {
  const { versions, labels, shadow, log, experiment } = rest;
  const parts = traffic.map(({ role, version, percent }) => `${role} v${version} ${figure(percent, 1)} %`);
  const sheet = facts([
    ['Model', name],
    [
      'Plan',
      planVersion === 0 ? 'the default one' : `version ${planVersion}, by ${changedBy}, ${time(changedAt)}`,
    ],
    ['Answers', parts.join(', ') || 'nothing'],
    ['May be named', versions.map((version) => `v${version}`).join(', ') || '-'],
    [
      'Labels',
      Object.entries(labels)
        .map(([label, version]) => `${label} v${version}`)
        .join(', ') || '-',
    ],
    ['Shadow', shadow ? describeShadow(shadow) : 'none'],
    ['Prediction log', describeLog(log)],
    ['Limits', describeLimits(rest.plan.limits)],
    ['Scores', rest.plan.round === undefined ? 'exact' : `rounded to ${rest.plan.round} decimals`],
    ['Strange inputs', describeDomain(rest.plan.domain, rest.domainKnown)],
    ['Strange rows', describeIsolation(rest.plan.domain, rest.isolation)],
  ]);
  return [
    sheet,
    ...(experiment ? ['', describeExperiment(experiment.arms)] : []),
    ...(rollout ? ['', ...describeRollout(rollout)] : []),
  ].join('\n');
}

type Plan = ModelDeploymentAnswer['plan'];

function describeLimits(limits: Plan['limits']): string {
  const callers = Object.entries(limits?.callers ?? {});
  const parts = [
    ['each caller', limits?.caller] as const,
    ...callers.map(([id, of]) => [id, of] as const),
    ['all together', limits?.all] as const,
  ];
  return (
    parts.flatMap(([who, of]) => (of ? [`${who} ${describeLimit(of)}`] : [])).join('; ') || 'none of its own'
  );
}

const describeLimit = ({
  requestsPerSecond,
  rowsPerSecond,
  rowsPerDay,
  concurrentRequests,
}: RequestLimits): string =>
  [
    ...(requestsPerSecond === undefined ? [] : [`${requestsPerSecond} requests a second`]),
    ...(rowsPerSecond === undefined ? [] : [`${rowsPerSecond} rows a second`]),
    ...(rowsPerDay === undefined ? [] : [`${count(rowsPerDay)} rows a day`]),
    ...(concurrentRequests === undefined ? [] : [`${count(concurrentRequests)} requests at a time`]),
  ].join(', ');

function describeDomain(domain: Plan['domain'], known: boolean | null): string {
  if (!domain || domain.check === 'off') return 'are not looked for';
  const done = { flag: 'are flagged', refuse: 'are refused' }[domain.check];
  const unknown = known === false ? ', BUT the reference cannot be read' : '';
  return `${done}, ${Math.round(domain.tolerance * 100)} % beyond the range${unknown}`;
}

const NO_FOREST = {
  imported: 'the champion was imported, so there are no training rows to compare with',
  not_kept: 'the champion has no forest of its training rows; train it again',
  unreadable: 'the forest of its training rows cannot be read',
} as const;

function describeIsolation(domain: Plan['domain'], state: ModelDeploymentAnswer['isolation']): string {
  if (!domain || domain.check === 'off' || domain.isolation === undefined) return 'are not looked for';
  if (state !== null && state !== 'known') return `are looked for, BUT ${NO_FOREST[state]}`;
  const share =
    domain.isolation === 1 ? 'any training row' : `${domain.isolation * 100} % of the training rows`;
  return `count where they stand apart more than ${share}`;
}

type Arms = NonNullable<ModelDeploymentAnswer['experiment']>['arms'];

const describeExperiment = (arms: Arms): string =>
  table(
    ['version', 'requests', 'failed', 'outcomes', 'wrong', 'more wrong by', 'between', 'and'],
    arms.map(({ version, requests, failed, outcomes, wrong, wrongDifference }) => [
      `v${version}`,
      count(requests),
      figure(failed?.value),
      count(outcomes),
      figure(wrong?.value),
      figure(wrongDifference?.value),
      figure(wrongDifference?.lower),
      figure(wrongDifference?.upper),
    ]),
    'No arms.',
  );

function describeShadow(shadow: NonNullable<ModelDeploymentAnswer['shadow']>): string {
  const { version, comparedWith, rows, disagreement, meanAbsoluteDifference, failed } = shadow;
  return (
    `v${version} beside v${comparedWith}: ${count(rows)} rows, other label in ${figure(disagreement)}, ` +
    `score differs by ${figure(meanAbsoluteDifference)}, ${count(failed)} failed`
  );
}

const describeLog = ({ mode, away, spooledBytes, lostEvents }: ModelDeploymentAnswer['log']): string =>
  [
    mode,
    ...(away ? ['the bus is away'] : []),
    ...(spooledBytes > 0 ? [`${bytes(spooledBytes)} wait on the disk`] : []),
    ...(lostEvents > 0 ? [`${count(lostEvents)} events LOST`] : []),
  ].join(', ');

function describeRollout(rollout: RolloutAnswer): string[] {
  const { state, version, championVersion, step, steps, percent, reason, gates, moves } = rollout;
  return [
    `Canary v${version} beside v${championVersion}: ${words(state)} (${words(reason)}), step ${step + 1} of ${steps.length}, ${percent} %`,
    table(
      ['gate', 'verdict', 'worse by', 'between', 'and', 'goes back above', 'passes below', 'observed'],
      gates.map(({ gate, verdict, difference, tolerance, margin, observed, minimum }) => [
        gate,
        verdict,
        figure(difference?.value),
        figure(difference?.lower),
        figure(difference?.upper),
        tolerance,
        margin,
        `${count(observed)} of ${count(minimum)}`,
      ]),
      'It has ended.',
    ),
    table(
      ['when (UTC)', 'state', 'step', 'percent', 'why'],
      moves.map((move) => [
        time(move.movedAt),
        words(move.state),
        move.step + 1,
        move.percent,
        words(move.reason),
      ]),
      '',
    ),
  ];
}
