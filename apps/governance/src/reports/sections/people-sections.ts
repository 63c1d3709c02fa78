import { eventTable, fact, facts, figure, moment, owed, section, table, text } from '../blocks';
import type { Section } from '../report';
import type { Acts, HeldRole, ReportMaterial } from '../report-material';

const where = (project: string | null): string => project ?? 'every project';

/** What of somebody's acts a role can have been used for: acts in its project, or anywhere if it is bound everywhere. */
function actsBy(role: HeldRole, acts: readonly Acts[]): readonly Acts[] {
  return acts.filter(
    ({ actor, project }) => actor === role.principal && (role.project === null || role.project === project),
  );
}

/** Who has what, since when and from whom; who used it; which rights nobody used. */
export function accessSection({ roles, acts }: ReportMaterial, basis: string | null): Section {
  const rows = roles.map((role) => {
    const own = actsBy(role, acts);
    const last = own
      .map((act) => act.last)
      .toSorted()
      .at(-1);
    return {
      role,
      times: own.reduce((sum, { times }) => sum + times, 0),
      last,
      actions: own.map(({ action }) => action),
    };
  });
  const held = rows.filter(({ role }) => role.revokedAt === null && role.active);
  const unused = held.filter(({ times, role }) => times === 0 && role.kind !== 'service');
  return section(
    'access',
    'Who may do what, and who did',
    basis,
    [
      facts(
        fact('Roles held', figure(held.length)),
        fact('By people', figure(held.filter(({ role }) => role.kind === 'person').length)),
        fact('Without an audited act in the period', figure(unused.length)),
      ),
      table(
        'Roles, with the audited acts of their holders in that project',
        ['who', 'kind', 'role', 'in', 'given by', 'since (UTC)', 'until (UTC)', 'acts', 'last act (UTC)'],
        rows.map(({ role, times, last }) => [
          [
            `${role.name} (${role.principal})${role.active ? '' : ', disabled'}`,
            role.kind,
            role.role,
            where(role.project),
            role.grantedBy,
            moment(role.grantedAt),
            role.revokedAt === null ? '' : moment(role.revokedAt),
            figure(times),
            last ? moment(last) : '',
          ],
          null,
        ]),
      ),
      unused.length > 0
        ? table(
            'Not used in the period: look whether they are still needed. Reading is audited only where it is of personal data, so a role for reading may be in use without an act',
            ['who', 'role', 'in'],
            unused.map(
              ({ role }) =>
                [[`${role.name} (${role.principal})`, role.role, where(role.project)], null] as const,
            ),
          )
        : null,
    ],
    [rows.length === 0 && owed('role bindings', 'an administrator: steward users')],
  );
}

/** Rights that somebody took in an emergency. */
export function emergencySection({ events }: ReportMaterial, basis: string | null): Section {
  return section(
    'emergencies',
    'Emergency access',
    basis,
    events.emergencies.length > 0
      ? [
          eventTable(
            'What was taken, and whether somebody else has signed for it',
            ['when (UTC)', 'who', 'role', 'state', 'until (UTC)', 'signed by'],
            events.emergencies,
            ({ payload, time }) => [
              moment(time),
              payload.person,
              payload.role,
              payload.state,
              moment(payload.until),
              payload.reviewedBy ?? '',
            ],
          ),
        ]
      : [text('Nobody took rights in an emergency in this period.')],
  );
}

/** Requests of data subjects, with their clocks. */
export function requestSection({ events }: ReportMaterial, basis: string | null): Section {
  const latest = new Map(events.subjectRequests.map((event) => [event.payload.requestId, event]));
  const all = [...latest.values()];
  return section(
    'subject-requests',
    'Requests of data subjects',
    basis,
    all.length > 0
      ? [
          table(
            'Each with its newest state; the subject is named by its pseudonym alone, elsewhere',
            ['request', 'right', 'state', 'changed (UTC)', 'due (UTC)', 'refused because'],
            all.map((event) => [
              [
                event.payload.requestId,
                event.payload.kind,
                event.payload.state,
                moment(event.time),
                moment(event.payload.dueAt),
                event.payload.ground ?? '',
              ],
              event.source,
            ]),
          ),
        ]
      : [text('No data subject asked for anything in this period.')],
  );
}

/** Which columns hold personal data, and how they are kept. */
export function personalDataSection({ events }: ReportMaterial, basis: string | null): Section {
  const newestOf = new Map(events.contracts.map((event) => [event.payload.dataset, event]));
  const rows = [...newestOf.values()].flatMap((event) =>
    event.payload.contract.columns
      .filter((column) => column.class === 'identifier' || column.class === 'sensitive')
      .map(
        (column) =>
          [
            [
              event.payload.dataset,
              column.name,
              column.class,
              column.class === 'identifier'
                ? 'found by a keyed hash; kept encrypted under the subject’s own key; elsewhere a random pseudonym'
                : 'never an input of a champion without a waiver; shown only as aggregates of at least 10',
            ],
            event.source,
          ] as const,
      ),
  );
  return section(
    'personal-data',
    'Personal data that is processed',
    basis,
    rows.length > 0
      ? [table('By the data sets’ contracts', ['data set', 'column', 'class', 'how it is kept'], rows)]
      : [],
    [
      rows.length === 0 &&
        owed('a contract that classes its columns', 'a data engineer: steward datasets contract'),
      owed(
        'the controller, its representative and its data protection officer',
        'the controller: the record of processing (steward records) names them',
      ),
    ],
  );
}
