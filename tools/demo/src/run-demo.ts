import { cpus } from 'node:os';
import { InferenceClient, StewardClient } from '@steward/client';
import { AppError } from '@steward/kernel';
import type { Platform } from '@steward/start';
import type { DemoContext, DemoStep } from './demo-context';
import type { DemoDisplay } from './demo-display';
import type { DemoOptions } from './demo-options';
import type { DemoSummary } from './demo-summary';
import { answer } from './steps/answer';
import { approve } from './steps/approve';
import { ingest } from './steps/ingest';
import { people } from './steps/people';
import { prove } from './steps/prove';
import { rights } from './steps/rights';
import { raceModel, train } from './steps/train';
import { twin } from './steps/twin';
import { calm, control, settle, shift } from './steps/watch';

/** The loop, in its order. */
export function stepsOf({ control: isControl }: DemoOptions): readonly DemoStep[] {
  const watched = isControl ? [control] : [shift, answer, settle];
  return [
    people,
    ingest,
    train,
    ...(isControl ? [] : [twin, raceModel]),
    approve,
    calm,
    ...watched,
    prove,
    rights,
  ];
}

export interface DemoStart {
  readonly platform: Platform;
  readonly options: DemoOptions;
  readonly administratorPassword: string;
  readonly readySeconds: number;
  readonly display: DemoDisplay;
  /** How long calls are tried again while a service is away. Default 0: nothing is away in a calm run. */
  readonly patienceMs?: number;
  /** Default: all of them. */
  readonly steps?: readonly DemoStep[];
}

/** Runs the steps and returns the summary; `failed` says why if one did not hold. */
export async function runDemo(start: DemoStart): Promise<Partial<DemoSummary>> {
  const { platform, options } = start;
  const began = Date.now();
  const open = new StewardClient({ url: platform.entryUrl, patienceMs: start.patienceMs ?? 0 });
  const summary: Partial<DemoSummary> = {
    control: options.control,
    machine: { node: process.versions.node, cpus: cpus().length },
    readySeconds: start.readySeconds,
    failed: null,
  };
  const { token } = await open.post<{ token: string }>('/governance/v1/login', {
    user: 'administrator',
    password: start.administratorPassword,
  });
  const administrator = open.as(token);
  const context: DemoContext = {
    options,
    platform,
    administratorPassword: start.administratorPassword,
    summary,
    project: '',
    administrator,
    engineer: open,
    approver: open,
    auditor: open,
    officer: open,
    caller: open,
    tokens: { administrator: token, engineer: '', approver: '', auditor: '', officer: '' },
    inference: new InferenceClient(platform.grpcAddress('inference'), ''),
    sent: [],
    unanswered: 0,
    say: () => undefined,
  };
  try {
    await start.display.show(
      (start.steps ?? stepsOf(options)).map((step) => ({
        title: step.title,
        run: (say) => {
          context.say = say;
          return step.run(context);
        },
      })),
    );
  } catch (error) {
    summary.failed = AppError.is(error)
      ? `${error.code}: ${error.message}`
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  } finally {
    context.inference.close();
  }
  summary.wallSeconds = (Date.now() - began) / 1000;
  return summary;
}
