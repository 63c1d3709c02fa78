import { cpus } from 'node:os';
import { InferenceClient, StewardClient } from '@steward/client';
import { AppError } from '@steward/kernel';
import type { Platform } from '@steward/start';
import { Listr } from 'listr2';
import type { DemoContext, DemoStep } from './demo-context';
import type { DemoOptions } from './demo-options';
import type { DemoSummary } from './demo-summary';
import { answer } from './steps/answer';
import { approve } from './steps/approve';
import { ingest } from './steps/ingest';
import { people } from './steps/people';
import { prove } from './steps/prove';
import { raceModel, train } from './steps/train';
import { twin } from './steps/twin';
import { calm, control, settle, shift } from './steps/watch';

/** The loop, in its order. */
export function stepsOf({ control: isControl }: DemoOptions): readonly DemoStep[] {
  const watched = isControl ? [control] : [shift, answer, settle];
  return [people, ingest, train, ...(isControl ? [] : [twin, raceModel]), approve, calm, ...watched, prove];
}

export interface DemoStart {
  readonly platform: Platform;
  readonly options: DemoOptions;
  readonly administratorPassword: string;
  readonly readySeconds: number;
  readonly steps?: readonly DemoStep[];
  /** True: no live display, one line a step. */
  readonly plain?: boolean;
}

/** Runs the steps and returns the summary; `failed` says why if one did not hold. */
export async function runDemo(start: DemoStart): Promise<Partial<DemoSummary>> {
  const { platform, options } = start;
  const began = Date.now();
  const open = new StewardClient({ url: platform.entryUrl });
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
    caller: open,
    tokens: { administrator: token, engineer: '', approver: '', auditor: '' },
    inference: new InferenceClient(platform.grpcAddress('inference'), ''),
    sent: [],
    say: () => undefined,
  };
  const tasks = (start.steps ?? stepsOf(options)).map((step) => ({
    title: step.title,
    task: async (_: unknown, task: { output: string; title: string }) => {
      context.say = (text) => (task.output = text);
      task.title = `${step.title}: ${await step.run(context)}`;
    },
  }));
  const live = !start.plain && process.stdout.isTTY;
  const list = new Listr(tasks, {
    renderer: live ? 'default' : 'simple',
    concurrent: false,
    exitOnError: true,
  });
  try {
    await list.run();
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
