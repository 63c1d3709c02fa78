import { eventTable, fact, facts, figure, moment, owed, section, table, text } from '../blocks';
import type { Section } from '../report';
import type { ReportMaterial } from '../report-material';

/** Drift over time, window by window. */
export function driftSection({ events }: ReportMaterial, basis: string | null): Section {
  const full = events.windows.filter(({ payload }) => payload.columns.length > 0);
  const names = mostMoving(full.map(({ payload }) => payload.columns));
  return section(
    'drift',
    'Drift',
    basis,
    events.windows.length > 0
      ? [
          facts(
            fact('Windows judged', figure(events.windows.length)),
            fact(
              'Alarmed',
              figure(events.windows.filter(({ payload }) => payload.verdict === 'alarm').length),
            ),
            fact(
              'Too little data',
              figure(events.windows.filter(({ payload }) => payload.verdict === 'not_enough_data').length),
            ),
          ),
          full.length > 0
            ? {
                type: 'chart',
                chart: {
                  caption: `Population stability index of ${names.join(', ')} against the reference, by window`,
                  labels: full.map(({ time }) => moment(time).slice(5)),
                  series: names.map((name) => ({
                    name,
                    values: full.map(
                      ({ payload }) => payload.columns.find((column) => column.name === name)?.psi ?? null,
                    ),
                  })),
                  bound: { label: 'default bound 0.2', value: 0.2 },
                },
                sources: full.map(({ source }) => source),
              }
            : null,
          eventTable(
            'Windows',
            ['judged (UTC)', 'monitor', 'version', 'rows', 'verdict', 'worst column', 'PSI', 'p'],
            events.windows,
            ({ payload, time }) => [
              moment(time),
              payload.monitor,
              String(payload.modelVersion),
              figure(payload.rows),
              payload.verdict.replaceAll('_', ' '),
              payload.columns[0]?.name ?? '',
              figure(payload.columns[0]?.psi),
              figure(payload.columns[0]?.pValue),
            ],
          ),
        ]
      : [],
    [
      events.windows.length === 0 &&
        owed(
          'judged windows',
          'the ML engineer: register a monitor (steward monitors apply) and let predictions come',
        ),
    ],
  );
}

/** At most four columns: those whose index rose highest. */
function mostMoving(
  windows: readonly (readonly { readonly name: string; readonly psi: number }[])[],
): string[] {
  const highest = new Map<string, number>();
  for (const { name, psi } of windows.flat()) highest.set(name, Math.max(psi, highest.get(name) ?? 0));
  return [...highest]
    .toSorted(([, left], [, right]) => right - left)
    .slice(0, 4)
    .map(([name]) => name);
}

/** What the outcomes said, window by window: performance and fairness in service. */
export function outcomeSection({ events }: ReportMaterial, basis: string | null): Section {
  const { outcomes } = events;
  const labels = outcomes.map(({ time }) => moment(time).slice(5));
  const sources = outcomes.map(({ source }) => source);
  const values = (name: string) => outcomes.map(({ payload }) => payload.figures[name] ?? null);
  const groups = [
    ...new Set(outcomes.flatMap(({ payload }) => payload.groups.map(({ group }) => group))),
  ].slice(0, 4);
  return section(
    'outcomes',
    'Performance and fairness in service',
    basis,
    outcomes.length > 0
      ? [
          {
            type: 'chart',
            chart: {
              caption: 'AUC and accuracy on predictions whose outcome is known, by window',
              labels,
              series: [
                { name: 'AUC', values: values('auc') },
                { name: 'accuracy', values: values('accuracy') },
              ],
            },
            sources,
          },
          groups.length > 0
            ? {
                type: 'chart',
                chart: {
                  caption: 'Share of favourable decisions by group, by window',
                  labels,
                  series: groups.map((group) => ({
                    name: group,
                    values: outcomes.map(
                      ({ payload }) =>
                        payload.groups.find((one) => one.group === group)?.selectionRate ?? null,
                    ),
                  })),
                },
                sources,
              }
            : null,
          eventTable(
            'Windows with outcomes',
            [
              'judged (UTC)',
              'version',
              'rows',
              'AUC',
              'accuracy',
              'calibration error',
              'equalized odds difference',
              'parity ratio',
            ],
            outcomes,
            ({ payload, time }) => [
              moment(time),
              String(payload.modelVersion),
              figure(payload.rows),
              ...[
                'auc',
                'accuracy',
                'calibrationError',
                'equalizedOddsDifference',
                'demographicParityRatio',
              ].map((name) => figure(payload.figures[name])),
            ],
          ),
        ]
      : [],
    [
      outcomes.length === 0 &&
        owed(
          'outcomes of predictions',
          'whoever calls the model: report what really happened (steward outcomes)',
        ),
    ],
  );
}

/** What alarmed and how it ended. */
export function alertSection({ events }: ReportMaterial, basis: string | null): Section {
  const resolved = new Map(events.resolved.map((event) => [event.payload.alertId, event]));
  return section(
    'alerts',
    'Alerts',
    basis,
    events.raised.length > 0
      ? [
          table(
            'Alerts',
            ['raised (UTC)', 'kind', 'version', 'what alarmed', 'resolved (UTC)'],
            events.raised.map((event) => {
              const end = resolved.get(event.payload.alertId);
              return [
                [
                  moment(event.time),
                  event.payload.kind.replaceAll('_', ' '),
                  String(event.payload.modelVersion),
                  event.payload.columns.join(', '),
                  end ? moment(end.time) : 'open',
                ],
                event.source,
              ];
            }),
          ),
        ]
      : [text('No alert was raised in this period.')],
  );
}
