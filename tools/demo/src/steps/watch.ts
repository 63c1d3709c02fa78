import type { DemoContext, DemoStep } from '../demo-context';
import { hold, until } from '../until';
import { nextJudged, observed, psiOf, sendApplications, windows } from './predict';

interface AlertAnswer {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly columns: readonly string[];
  readonly windowId: string;
  readonly raisedAt: string;
  readonly resolvedWindowId: string | null;
}

async function alerts({ engineer, project }: DemoContext): Promise<AlertAnswer[]> {
  return (await engineer.get<{ items: AlertAnswer[] }>(`/monitoring/v1/projects/${project}/alerts`)).items;
}

/** Waits until monitoring has counted all that was acknowledged, then holds that nothing alarmed. */
async function holdCalm(context: DemoContext): Promise<void> {
  await until('monitoring to count every prediction', 30_000, async () => {
    const { predictions } = await observed(context);
    return predictions >= context.sent.length && predictions <= context.sent.length + context.unanswered;
  });
  const raised = await alerts(context);
  hold(
    raised.length === 0,
    `Calm rows raised alerts: ${raised.map(({ kind, columns }) => `${kind} (${columns.join(', ')})`).join('; ')}.`,
  );
}

export const calm: DemoStep = {
  title: '310 applications from the same population: predictions, outcomes, no alert',
  run: async (context) => {
    await sendApplications(context, 'calm');
    const window = await nextJudged(context, new Set());
    hold(window.verdict === 'ok', `The window of calm rows was judged "${window.verdict}".`);
    await holdCalm(context);
    const psi = psiOf(window.report?.drift);
    context.summary.psi = { before: psi, shifted: {}, afterAgainstNew: {}, afterAgainstOld: {} };
    const [worst] = Object.entries(psi).toSorted(([, left], [, right]) => right - left);
    return `window of ${window.rows} rows: ${window.verdict}; largest PSI ${worst?.[0]} ${worst?.[1]}`;
  },
};

export const control: DemoStep = {
  title: 'Control: a second calm batch, no alert, no retraining',
  run: async (context) => {
    const known = new Set(
      (await windows(context)).filter(({ state }) => state === 'judged').map(({ id }) => id),
    );
    await sendApplications(context, 'control');
    const window = await nextJudged(context, known);
    hold(window.verdict === 'ok', `The control window was judged "${window.verdict}".`);
    await holdCalm(context);
    const { items } = await context.engineer.get<{ items: unknown[] }>(
      `/training/v1/projects/${context.project}/retrain-requests`,
    );
    hold(items.length === 0, 'A retraining was asked for although nothing drifted.');
    return `window of ${window.rows} rows: ${window.verdict}; no alert, no retraining`;
  },
};

export const shift: DemoStep = {
  title: '375 applications from a shifted population: the alert fires',
  run: async (context) => {
    const before = context.sent.length;
    const known = new Set(
      (await windows(context)).filter(({ state }) => state === 'judged').map(({ id }) => id),
    );
    const started = Date.now();
    await sendApplications(context, 'shifted-a');
    const alert = await until('the drift alert', 30_000, async () =>
      (await alerts(context)).find(({ kind }) => kind === 'drift'),
    );
    const window = await nextJudged(context, known);
    hold(alert.windowId === window.id, 'The alert names another window.');
    hold(
      alert.columns[0] === 'single',
      `The alert names ${alert.columns[0] ?? 'nothing'} first, not single.`,
    );
    const psi = psiOf(window.report?.drift);
    context.summary.psi!.shifted = psi;
    const delaySeconds = (Date.parse(alert.raisedAt) - started) / 1000;
    const calmInWindow = before % 300;
    context.summary.alert = {
      columns: [...alert.columns],
      delayEvents: window.rows - calmInWindow,
      delaySeconds,
      resolved: false,
    };
    return `drift in ${alert.columns.join(', ')} after ${window.rows - calmInWindow} shifted rows, ${delaySeconds.toFixed(1)} s; PSI of single ${context.summary.psi!.before.single} -> ${psi.single}`;
  },
};

export const settle: DemoStep = {
  title: 'The second shifted half: no drift against the new reference, the alert resolves',
  run: async (context) => {
    const known = new Set(
      (await windows(context)).filter(({ state }) => state === 'judged').map(({ id }) => id),
    );
    await sendApplications(context, 'shifted-b');
    const window = await nextJudged(context, known);
    hold(window.verdict === 'ok', `Against the new reference the window was judged "${window.verdict}".`);
    hold(
      window.report?.previousDrift?.verdict === 'alert',
      'Against the old reference the same window does not alarm.',
    );
    const alert = await until('the alert to resolve', 15_000, async () =>
      (await alerts(context)).find(({ kind, state }) => kind === 'drift' && state === 'resolved'),
    );
    hold(alert.resolvedWindowId === window.id, 'The alert was resolved by another window.');
    context.summary.alert!.resolved = true;
    context.summary.psi!.afterAgainstNew = psiOf(window.report?.drift);
    context.summary.psi!.afterAgainstOld = psiOf(window.report?.previousDrift);
    const { afterAgainstNew: now, afterAgainstOld: old } = context.summary.psi!;
    return `alert resolved; PSI of single ${now.single} against the new reference, ${old.single} against the old`;
  },
};
