import type { ApprovalPolicyAnswer, Page } from '@steward/client/answers';
import { usage } from '../cli-error';
import { figure, time } from '../format';
import { People } from '../people';
import { readDefinition } from '../read-input';
import type { CommonOptions, Session } from '../session';
import { table } from '../table';
import { common, type Verb } from '../verb';

interface Options extends CommonOptions {
  readonly environment?: string;
  readonly file?: string;
}

export const registerApprovalPolicies: Verb = (program, open) => {
  common(program.command('approval-policies'))
    .description('by which policies approvals are decided: those that somebody set, or the one of an alias')
    .argument('[alias]')
    .option('--environment <name>', 'of this environment (default: any)')
    .option('-f, --file <file>', 'sets it, for requests that are opened from now on (YAML or JSON)')
    .action(async (alias: string | undefined, options: Options) => {
      if (alias === undefined && (options.environment !== undefined || options.file !== undefined))
        throw usage('Say of which alias: steward approval-policies ALIAS ...');
      const session = open(options);
      return alias === undefined ? list(session) : one(session, alias, options);
    });
};

async function list(session: Session): Promise<void> {
  const page = await session.client.get<Page<ApprovalPolicyAnswer>>(
    session.path('governance', 'approval-policies'),
  );
  await show(session, page, page.items);
}

async function one(session: Session, alias: string, { environment, file }: Options): Promise<void> {
  const path = session.path('governance', 'approval-policies', alias);
  const query = { environment };
  const found = await (file === undefined
    ? session.client.get<ApprovalPolicyAnswer>(path, query)
    : session.client.put<ApprovalPolicyAnswer>(path, readDefinition(file), {
        type: 'application/yaml',
        query,
      }));
  await show(session, found, [found]);
}

async function show(
  session: Session,
  answer: object,
  policies: readonly ApprovalPolicyAnswer[],
): Promise<void> {
  const people = policies.flatMap(({ changedBy }) => (changedBy === null ? [] : [changedBy]));
  const names = session.json ? new Map<string, string>() : await new People(session.client).map(people);
  session.show(answer, () =>
    table(
      [
        'alias',
        'environment',
        'version',
        'approvers',
        'roles',
        'gates',
        'expires after',
        'delegation',
        'set by',
        'since (UTC)',
      ],
      policies.map(({ policy, ...each }) => [
        each.alias,
        each.environment === '*' ? 'any' : each.environment,
        each.version === 0 ? 'default' : each.version,
        policy.approvers,
        policy.roles.join(', '),
        gatesOf(policy.gates),
        policy.expiresAfterHours === null ? 'never' : `${policy.expiresAfterHours} h`,
        policy.delegation ? 'allowed' : 'refused',
        each.changedBy === null ? null : names.get(each.changedBy),
        time(each.changedAt),
      ]),
      'Nobody has set a policy here: the default holds. See it: steward approval-policies champion',
    ),
  );
}

function gatesOf(gates: ApprovalPolicyAnswer['policy']['gates']): string {
  const { minimumAuc, minimumDemographicParityRatio: ratio, noSensitiveInputs } = gates;
  const asked = [
    ...(minimumAuc === null ? [] : [`AUC ${figure(minimumAuc)}`]),
    ...(ratio === null ? [] : [`parity ratio ${figure(ratio)}`]),
    ...(noSensitiveInputs ? ['no sensitive inputs'] : []),
  ];
  return asked.join(', ') || 'none';
}
