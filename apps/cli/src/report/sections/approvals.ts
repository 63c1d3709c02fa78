import type { ApprovalAnswer } from '@steward/client/answers';
import { causesByPerson } from '../../causes-by-person';
import { words } from '../../format';
import { html, type Content, type Html } from '../html';
import {
  dataTable,
  digest,
  facts,
  identifier,
  moment,
  nothing,
  pill,
  rate,
  section,
  shown,
} from '../page-parts';
import type { ReportData } from '../report-data';
import { approvalTone } from './summary';

/** Who asked, what the gates said, who decided, who could not. */
export function approvalsSection(data: ReportData): Html {
  return section(
    'approvals',
    'Approvals',
    'Four eyes: whoever is at the root of a version cannot approve it. Gates come from the policy as it was when the request was made.',
    shown(data.approvals, (requests) =>
      requests.length === 0
        ? nothing('No approval was ever asked for.')
        : requests.map((request) => one(data, request)),
    ),
  );
}

function one(data: ReportData, request: ApprovalAnswer): Html {
  const name = (person: string): string => data.people.get(person) ?? person;
  const { decisions = [], comparison } = request;
  return html`<article>
    <h3>
      Version ${request.version} to become ${request.alias}
      ${pill(approvalTone(request.state), request.state)}
    </h3>
    ${facts([
      ['Request', html`<code>${request.id}</code>`],
      ['Model', digest(request.digest)],
      ['Replaces', request.replaces ? digest(request.replaces) : 'nothing: the first champion'],
      [
        'Asked by',
        request.trigger === 'alert' ? 'an alert, through retraining' : 'a person, by starting the run',
      ],
      ['Opened', moment(request.openedAt)],
      ['Decided', moment(request.decidedAt)],
      ...(request.voidCode ? ([['Voided because', request.voidCode]] as const) : []),
      ...(comparison
        ? ([
            [
              'Champion and candidate',
              `AUC ${rate(comparison.championAuc)} and ${rate(comparison.candidateAuc)} on ${comparison.rows} rows new to both`,
            ],
          ] as const)
        : []),
    ])}${dataTable(
      'Gates',
      ['Gate', 'Result', '#Measured', '#Bound', 'In words'],
      request.gates.map((gate) => [
        gate.gate,
        gateResult(gate, name),
        gate.value === null
          ? 'too little data'
          : Number.isInteger(gate.value)
            ? gate.value
            : rate(gate.value),
        gate.bound,
        gate.message,
      ]),
    )}${
      decisions.length === 0
        ? nothing('Nobody has decided anything.')
        : dataTable(
            'Decisions',
            ['Who', 'What', 'Reason', 'When (UTC)'],
            decisions.map(({ person, kind, gate, reason, decidedAt }) => [
              name(person),
              kind === 'waive' ? `waived ${gate ?? 'a gate'}` : kind === 'approve' ? 'approved' : 'rejected',
              reason ?? '-',
              moment(decidedAt),
            ]),
          )
    }${
      request.excluded.length === 0
        ? ''
        : html`<p>
            May not approve:
            ${join(causesByPerson(request).map(([person, causes]) => `${name(person)} (${causes.map(words).join(', ')})`))}.
          </p>`
    }
  </article>`;
}

function gateResult(gate: ApprovalAnswer['gates'][number], name: (person: string) => string): Content {
  if (gate.passed) return pill('good', 'passed');
  return gate.waivedBy ? pill('open', `waived by ${name(gate.waivedBy)}`) : pill('bad', 'failed');
}

const join = (texts: readonly string[]): string => texts.join('; ');

/** Where aliases pointed, since when, under which approval. */
export function aliasSection(data: ReportData): Html {
  return section(
    'aliases',
    'Alias history',
    'An alias moves only by a granted approval, and only from the champion that the approval names.',
    shown(data.aliases, ({ history }) =>
      history.length === 0
        ? nothing('No alias has ever pointed to this model.')
        : html`<ol class="timeline">
            ${history.map(
              (move) =>
                html`<li>
                  ${moment(move.movedAt)} <strong>${move.alias}</strong> ${
                    move.previousVersion === null
                      ? 'first points'
                      : `moves from version ${move.previousVersion}`
                  }
                  to <strong>version ${move.version}</strong> ${digest(move.digest)}, approved by
                  ${move.approvers.map((person) => data.people.get(person) ?? person).join(', ') || 'nobody'},
                  request ${identifier(move.requestId)}
                </li>`,
            )}
          </ol>`,
    ),
  );
}
