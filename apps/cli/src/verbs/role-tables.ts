import type { Command } from 'commander';
import type { CommonOptions, Session } from '../session';
import { facts, table } from '../table';
import { common, type OpenSession } from '../verb';

/** What roles may do to each kind of object. */
export interface MatrixAnswer {
  readonly subjects: readonly string[];
  readonly roles: readonly {
    readonly role: string;
    readonly cells: readonly {
      readonly action: string;
      readonly subject: string;
      readonly allowed: 'yes' | 'conditional' | 'no';
    }[];
  }[];
}
interface VocabularyAnswer {
  readonly actions: readonly string[];
  readonly subjects: readonly string[];
  readonly conditionFields: Readonly<Record<string, readonly string[]>>;
  readonly operators: readonly string[];
  readonly self: string;
}

/** What all roles may, and what rules may name. */
export function registerRoleTables(roles: Command, open: OpenSession): void {
  common(roles.command('matrix'))
    .description('what every role may do; * where a condition decides')
    .option('--role <role>', 'only this one')
    .action(async ({ role, ...options }: CommonOptions & { readonly role?: string }) =>
      matrix(open(options), role),
    );
  common(roles.command('vocabulary'))
    .description('what rules may name: actions, subjects, the fields of their conditions')
    .action(async (options: CommonOptions) => vocabulary(open(options)));
}

async function matrix(session: Session, only: string | undefined): Promise<void> {
  const project = session.chosenProject ?? undefined;
  const answer = await session.client.get<MatrixAnswer>('/governance/v1/decisions/matrix', { project });
  const shown = answer.roles.filter(({ role }) => only === undefined || role === only);
  const rows = shown.flatMap(({ role, cells }) =>
    answer.subjects.flatMap((subject) => {
      const may = cells.filter((cell) => cell.subject === subject && cell.allowed !== 'no');
      const actions = may.map(({ action, allowed }) => `${action}${allowed === 'conditional' ? '*' : ''}`);
      return actions.length === 0 ? [] : [[role, subject, actions.join(', ')]];
    }),
  );
  session.show({ ...answer, roles: shown }, () =>
    table(
      ['role', 'subject', 'may'],
      rows,
      only === undefined ? 'No role may do anything.' : `There is no role ${only} that may do anything.`,
    ),
  );
}

async function vocabulary(session: Session): Promise<void> {
  const answer = await session.client.get<VocabularyAnswer>('/governance/v1/roles/vocabulary');
  session.show(answer, () =>
    facts([
      ['Actions', answer.actions.join(', ')],
      ['Operators', answer.operators.join(', ')],
      ['Oneself', answer.self],
      ...answer.subjects.map(
        (subject) => [subject, answer.conditionFields[subject]?.join(', ') || 'no condition'] as const,
      ),
    ]),
  );
}
