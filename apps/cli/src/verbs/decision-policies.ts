import type { DecisionPolicyAnswer } from '@steward/client/answers';
import { time } from '../format';
import { readDefinition } from '../read-input';
import type { CommonOptions, Session } from '../session';
import { facts } from '../table';
import { common, type Verb } from '../verb';

interface Options extends CommonOptions {
  readonly file?: string;
}

export const registerDecisionPolicies: Verb = (program, open) => {
  common(program.command('decision-policies'))
    .description('which decisions of a model people make (GDPR Art. 22)')
    .argument('<model>')
    .option('-f, --file <file>', 'sets it; inference holds to it within a second (YAML or JSON)')
    .action(async (model: string, options: Options) => decisions(open(options), model, options));
};

async function decisions(session: Session, model: string, { file }: Options): Promise<void> {
  const path = session.path('governance', 'decision-policies', model);
  const held = await (file === undefined
    ? session.client.get<DecisionPolicyAnswer>(path)
    : session.client.put<DecisionPolicyAnswer>(path, readDefinition(file), { type: 'application/yaml' }));
  const { labels, band, active } = held.policy;
  session.show(held, () =>
    facts([
      ['Model', model],
      ['Policy', `version ${held.version}, by ${held.changedBy}, ${time(held.changedAt)} UTC`],
      ['People decide', active ? 'what stands below' : 'nothing: it is switched off'],
      ['Labels', labels.join(', ') || 'none'],
      ['Scores', band === null ? 'none' : `from ${band.from} to ${band.to}`],
    ]),
  );
}
