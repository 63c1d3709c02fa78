import { count } from '../../format';
import { html, type Content, type Html } from '../html';
import { dataTable, digest, facts, identifier, moment, pill, section, shown } from '../page-parts';
import type { AuditPart, ReportData } from '../report-data';

/** What was verified for this report, and the newest entries of the project as they stand in the verified export. */
export function auditSection(data: ReportData): Html {
  return section(
    'audit',
    'Audit proofs',
    'The whole log was exported and verified for this report: an RFC 6962 Merkle tree whose head is signed. Check it yourself: export the log, and give the key and the head below.',
    shown(data.audit, (audit) => [verification(audit), counts(audit), entries(data, audit)]),
  );
}

function verification({ verification: report, publicKey, keyId }: AuditPart): Content {
  const { valid, head, faults, moreFaults } = report;
  return [
    facts([
      [
        'Result',
        valid
          ? pill('good', 'valid: nothing was changed, removed, inserted or swapped')
          : pill('bad', 'NOT VALID'),
      ],
      ['Entries', count(report.entries)],
      ['Signed heads that fit', count(report.checkpoints)],
      ['Newest head', head ? html`${count(head.size)} entries, ${moment(head.time)}` : 'none'],
      ['Root', head ? html`<code class="whole">${head.root}</code>` : '-'],
      ['Public key', html`<code class="whole">${publicKey}</code> (key ${keyId})`],
      ...(head
        ? ([
            [
              'Check again',
              html`<code class="whole"
                >steward audit verify FILE --public-key ${publicKey} --seen ${head.size}:${head.root}</code
              >`,
            ],
          ] as const)
        : []),
    ]),
    faults.length === 0
      ? ''
      : dataTable(
          'Faults of the log',
          ['Fault', '#From entry', '#To entry', 'In words'],
          faults.map(({ kind, from, to, message }) => [kind, from, to, message]),
        ),
    moreFaults > 0 ? html`<p>${count(moreFaults)} more faults.</p>` : '',
  ];
}

const counts = ({ byAction, entriesOfProject }: AuditPart): Html =>
  html`<h3>${count(entriesOfProject)} entries of this project, by what was done</h3>
    <ul class="counts">
      ${[...byAction]
        .toSorted(([left], [right]) => left.localeCompare(right))
        .map(([action, times]) => html`<li>${action} <strong>${count(times)}</strong></li>`)}
    </ul>`;

function entries({ people, project }: ReportData, { newest, entriesOfProject }: AuditPart): Html {
  return dataTable(
    newest.length < entriesOfProject
      ? `The newest ${newest.length} entries of ${project}, with their leaf hashes`
      : `Entries of ${project}, with their leaf hashes`,
    ['#Entry', 'Time (UTC)', 'Service', 'Who', 'Action', 'Object', 'Outcome', 'Leaf', 'Correlation'],
    newest.map((entry) => [
      entry.index,
      moment(entry.time),
      entry.service,
      people.get(entry.actor.id) ?? identifier(entry.actor.id),
      entry.action,
      html`${entry.object.kind} ${identifier(entry.object.id)}`,
      entry.outcome === 'refused' ? pill('bad', 'refused') : entry.outcome,
      digest(entry.leaf),
      identifier(entry.correlation),
    ]),
  );
}
