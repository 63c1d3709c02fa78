import { fact, facts, figure, moment, section, table, text } from '../blocks';
import type { Section } from '../report';
import type { ReportMaterial, Told } from '../report-material';

/** Who asked, who decided, what was waived: human oversight before a model serves. */
export function approvalSection({ events }: ReportMaterial, basis: string | null): Section {
  const decisions = new Map(events.decisions.map((decision) => [decision.payload.requestId, decision]));
  return section(
    'approvals',
    'Approvals',
    basis,
    events.requests.length > 0
      ? [
          text(
            'A model serves only after people other than those who made it have approved it; each approval names the digest of the file.',
          ),
          table(
            'Requests',
            [
              'asked (UTC)',
              'version',
              'alias',
              'because of',
              'AUC',
              'parity ratio',
              'decision',
              'by',
              'waived gates',
            ],
            events.requests.map((request) => {
              const decision = decisions.get(request.payload.requestId);
              return [
                [
                  moment(request.time),
                  `${request.payload.model} ${request.payload.version}`,
                  request.payload.alias,
                  request.payload.trigger === 'alert' ? 'an alert' : request.actor,
                  figure(request.payload.figures['auc']),
                  figure(request.payload.figures['demographicParityRatio']),
                  decision ? decision.payload.decision : 'open',
                  decision?.payload.approvers.join(', ') ?? '',
                  decision?.payload.waivers.map(({ gate, person }) => `${gate} by ${person}`).join(', ') ??
                    '',
                ],
                (decision ?? request).source,
              ];
            }),
          ),
        ]
      : [text('No approval was asked for in this period.')],
    [],
  );
}

/** Each change that matters, in the order of time. */
export function changeSection({ events }: ReportMaterial, basis: string | null): Section {
  const lines: (readonly [Told<unknown>, string])[] = [
    ...events.contracts.map(
      (event) =>
        [event, `contract ${event.payload.dataset} version ${event.payload.contractVersion}`] as const,
    ),
    ...events.datasetVersions.map(
      (event) =>
        [
          event,
          `data set ${event.payload.dataset} version ${event.payload.version}, ${figure(event.payload.rows)} rows`,
        ] as const,
    ),
    ...events.pipelines.map(
      (event) =>
        [event, `pipeline ${event.payload.pipeline} version ${event.payload.pipelineVersion}`] as const,
    ),
    ...events.versions.map(
      (event) =>
        [
          event,
          `model ${event.payload.descriptor.model} version ${event.payload.descriptor.version} registered (${event.payload.learner})`,
        ] as const,
    ),
    ...events.decisions.map(
      (event) =>
        [
          event,
          `${event.payload.decision}: ${event.payload.model} ${event.payload.version} as ${event.payload.alias}`,
        ] as const,
    ),
    ...events.moves.map(
      (event) =>
        [
          event,
          `alias ${event.payload.alias} of ${event.payload.descriptor.model} moved to version ${event.payload.descriptor.version}`,
        ] as const,
    ),
    ...events.deployments.map(
      (event) =>
        [
          event,
          `deployment of ${event.payload.model} ${event.payload.version}: ${event.payload.state}`,
        ] as const,
    ),
    ...events.rollouts.map(
      (event) =>
        [
          event,
          `rollout of ${event.payload.model} ${event.payload.version}: ${event.payload.state}, ${figure(event.payload.percent)} % (${event.payload.reason})`,
        ] as const,
    ),
    ...events.monitors.map(
      (event) => [event, `monitor ${event.payload.monitor} version ${event.payload.monitorVersion}`] as const,
    ),
    ...events.raised.map(
      (event) =>
        [
          event,
          `alert: ${event.payload.kind} of ${event.payload.model} (${event.payload.columns.join(', ')})`,
        ] as const,
    ),
    ...events.resolved.map(
      (event) => [event, `alert resolved: ${event.payload.kind} of ${event.payload.model}`] as const,
    ),
    ...events.retrains.map((event) => [event, `retraining of ${event.payload.model} asked for`] as const),
    ...events.emergencies.map(
      (event) =>
        [
          event,
          `emergency access of ${event.payload.person} as ${event.payload.role}: ${event.payload.state}`,
        ] as const,
    ),
  ];
  const ordered = lines.toSorted(([left], [right]) => left.time.localeCompare(right.time));
  return section(
    'changes',
    'Changes',
    basis,
    ordered.length > 0
      ? [
          table(
            'In the order of time',
            ['when (UTC)', 'what', 'by', 'chain of causes'],
            ordered.map(([event, what]) => [
              [moment(event.time), what, event.actor, event.correlation],
              event.source,
            ]),
          ),
        ]
      : [text('Nothing changed in this period.')],
  );
}

/** That events are recorded, and how anybody checks it. */
export function logSection({ log, acts }: ReportMaterial, basis: string | null): Section {
  const byAction = new Map<string, number>();
  for (const { action, times } of acts) byAction.set(action, (byAction.get(action) ?? 0) + times);
  return section(
    'log',
    'Record keeping',
    basis,
    [
      text(
        'Every change in every service writes an entry into one append-only log (RFC 6962 Merkle tree over canonical JSON) whose heads are signed. `steward audit verify` checks an export of it offline and finds an entry that was changed, removed, inserted or swapped.',
      ),
      facts(
        fact('Entries in the log when this report was made', figure(log.size)),
        fact('Head', `root ${log.root}, signed ${moment(log.signedAt)} UTC with key ${log.keyId}`),
        fact('Cosigned by a witness', log.witnessed ? 'yes' : 'no'),
      ),
      byAction.size > 0
        ? table(
            'Entries of the period by action',
            ['action', 'entries'],
            [...byAction]
              .toSorted(([left], [right]) => left.localeCompare(right))
              .map(([action, times]) => [[action, figure(times)], null] as const),
          )
        : null,
    ],
    [],
  );
}
