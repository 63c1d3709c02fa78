import { Command, CommanderError } from 'commander';
import { ExitCodes, tell, type Told } from './cli-error';
import { Session } from './session';
import type { Terminal } from './terminal';
import { visibleText } from './visible-text';
import type { Verb } from './verb';
import { registerAccount } from './verbs/account';
import { registerAlerts } from './verbs/alerts';
import { registerApprovalPolicies } from './verbs/approval-policies';
import { registerApprove } from './verbs/approve';
import { registerAudit } from './verbs/audit';
import { registerBreaches } from './verbs/breaches';
import { registerConsents } from './verbs/consents';
import { registerDatasets } from './verbs/datasets';
import { registerDeadLetters } from './verbs/deadletters';
import { registerDecisionPolicies } from './verbs/decision-policies';
import { registerDelegations } from './verbs/delegations';
import { registerDeployments } from './verbs/deployments';
import { registerDpia } from './verbs/dpia';
import { registerEmergency } from './verbs/emergency';
import { registerExplain } from './verbs/explain';
import { registerIngest } from './verbs/ingest';
import { registerLogin } from './verbs/login';
import { registerModels } from './verbs/models';
import { registerMonitors } from './verbs/monitors';
import { registerOutcomes } from './verbs/outcomes';
import { registerPredict } from './verbs/predict';
import { registerRecords } from './verbs/records';
import { registerReport } from './verbs/report';
import { registerOutbox } from './verbs/outbox';
import { registerRetention } from './verbs/retention';
import { registerReviews } from './verbs/reviews';
import { registerRuns } from './verbs/runs';
import { registerStatus } from './verbs/status';
import { registerUsers } from './verbs/users';
import { registerRoles } from './verbs/roles';
import { registerLimits } from './verbs/limits';
import { registerKeys } from './verbs/keys';
import { registerSessions } from './verbs/sessions';
import { registerPredictions } from './verbs/predictions';
import { registerProjects } from './verbs/projects';
import { registerPolicy } from './verbs/policy';
import { registerSubjects } from './verbs/subjects';
import { registerTrain } from './verbs/train';

const VERBS: readonly Verb[] = [
  registerLogin,
  registerAccount,
  registerStatus,
  registerIngest,
  registerDatasets,
  registerTrain,
  registerRuns,
  registerModels,
  registerApprove,
  registerApprovalPolicies,
  registerDecisionPolicies,
  registerDelegations,
  registerRecords,
  registerConsents,
  registerDpia,
  registerOutbox,
  registerRetention,
  registerReviews,
  registerSubjects,
  registerEmergency,
  registerBreaches,
  registerDeployments,
  registerPredict,
  registerExplain,
  registerPredictions,
  registerOutcomes,
  registerMonitors,
  registerAlerts,
  registerDeadLetters,
  registerAudit,
  registerReport,
  registerUsers,
  registerRoles,
  registerKeys,
  registerLimits,
  registerSessions,
  registerProjects,
  registerPolicy,
];

const AFTER_HELP = `
Where and as whom: STEWARD_URL (default http://127.0.0.1:8080) and STEWARD_TOKEN (token or API key), else the profile
that \`steward login\` wrote. Exit status: 0 done, 1 failed or refused, 2 wrong usage, 3 not reachable.`;

/** Runs one command line and returns its exit status. Nothing is thrown, nothing ends the process. */
export async function runCli(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<number> {
  const opened: Session[] = [];
  const program = new Command('steward')
    .description('Steward from the command line: data, training, approvals, serving, monitoring, audit.')
    .addHelpText('after', AFTER_HELP)
    // `report -o FILE` and `report issue -o FOLDER` each have their own.
    .enablePositionalOptions()
    .showHelpAfterError('(see: steward help)')
    .configureOutput({
      writeOut: (text) => terminal.output.write(text),
      writeErr: (text) => terminal.errors.write(visibleText(text)),
    })
    .exitOverride();
  const open = (options: object): Session => {
    const session = new Session(environment, terminal, options);
    opened.push(session);
    return session;
  };
  for (const register of VERBS) register(program, open);
  inherit(program);
  try {
    await program.parseAsync(args, { from: 'user' });
    return opened.at(-1)?.exitCode ?? ExitCodes.done;
  } catch (error) {
    // Commander has already said what is wrong.
    if (error instanceof CommanderError)
      return error.exitCode === 0 || error.code === 'commander.helpDisplayed'
        ? ExitCodes.done
        : ExitCodes.usage;
    const told = tell(error);
    terminal.errors.write(`${opened.at(-1)?.json === true ? asJson(told) : asText(told)}\n`);
    return told.exitCode;
  }
}

/** All verbs as Commander knows them, not to be run: for help pages, and for tests that must not forget one. */
export function verbTree(): Command {
  const program = new Command('steward').enablePositionalOptions();
  const open = (): never => {
    throw new Error('This tree is only looked at.');
  };
  for (const register of VERBS) register(program, open);
  return program;
}

/** Subcommands say faults the way that the program does. */
function inherit(command: Command): void {
  for (const each of command.commands) {
    each.copyInheritedSettings(command);
    inherit(each);
  }
}

const asJson = ({ code, message, next, details }: Told): string =>
  JSON.stringify({ error: { code, message, next, details } });

function asText({ code, message, next, details }: Told): string {
  const faults = Array.isArray(details['faults']) ? details['faults'].map(String) : [];
  const more = faults.filter((fault) => !message.includes(fault)).map((fault) => `  - ${fault}`);
  return visibleText([`${message} (${code})`, ...more, ...(next === null ? [] : [next])].join('\n'));
}
