import { AlertRaised, PredictionLogged } from '@steward/contracts';
import { isRetriable } from '@steward/kernel';
import { eventually } from './eventually';
import { Recorder, TestProcess, type BusPlace } from './test-process';

export interface Outage {
  readonly place: BusPlace;
  /** Takes the server away. */
  down(): Promise<void>;
  /** How long it stays away. */
  readonly awayMs: number;
  up(): Promise<void>;
}

const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

function missing(sent: readonly string[], handled: readonly string[]): string[] {
  const done = new Set(handled);
  return sent.filter((id) => !done.has(id));
}

/** Sends until told to stop; keeps what was acknowledged. Whatever is refused must be retriable. */
async function keepSending(send: (n: number) => Promise<string>, isOver: () => boolean): Promise<string[]> {
  const acknowledged: string[] = [];
  for (let n = 0; !isOver(); n++) {
    try {
      acknowledged.push(await send(n));
    } catch (error) {
      if (!isRetriable(error)) throw error;
    }
    await pause(10);
  }
  return acknowledged;
}

/**
 * Producers and consumers go on while a server is taken away and comes back: services turn not ready but stay live,
 * recover by themselves, lose nothing that was acknowledged and do nothing twice.
 */
export async function surviveOutage(outage: Outage): Promise<{ events: number; predictions: number }> {
  const monitoring = await new TestProcess(outage.place, 'monitoring').start(new Recorder(PredictionLogged));
  const inference = await new TestProcess(outage.place, 'inference').start();
  const training = await new TestProcess(outage.place, 'training').start(new Recorder(AlertRaised));
  const all = [monitoring, inference, training];
  try {
    await eventually(() =>
      all.forEach(({ runtime }) => expect(runtime.report()).toMatchObject({ ready: true })),
    );
    let over = false;
    const events = keepSending(
      (n) => monitoring.raise(`alert-${n % 7}`),
      () => over,
    );
    const predictions = keepSending(
      (n) => inference.predict(`prediction-${n}`),
      () => over,
    );
    await eventually(async () => expect((await training.effects()).length).toBeGreaterThan(20));
    await outage.down();
    await eventually(() =>
      all.forEach(({ runtime }) => expect(runtime.report()).toMatchObject({ ready: false })),
    );
    await pause(outage.awayMs);
    for (const { runtime } of all) expect(runtime.report()).toMatchObject({ live: true });
    await outage.up();
    await eventually(
      () => all.forEach(({ runtime }) => expect(runtime.report()).toMatchObject({ ready: true })),
      60_000,
    );
    await pause(500);
    over = true;
    const [sentEvents, sentPredictions] = [await events, await predictions];
    await eventually(async () => {
      const handled = (await training.effects()).map(({ event_id }) => event_id);
      expect(new Set(handled).size).toBe(handled.length);
      expect(missing(sentEvents, handled)).toEqual([]);
    }, 60_000);
    await eventually(async () => {
      const handled = (await monitoring.effects()).map(({ event_id }) => event_id);
      expect(new Set(handled).size).toBe(handled.length);
      expect(missing(sentPredictions, handled)).toEqual([]);
    }, 60_000);
    for (const { runtime } of all) expect((await runtime.deadLetters.list()).items).toEqual([]);
    return { events: sentEvents.length, predictions: sentPredictions.length };
  } finally {
    await Promise.all(all.map((one) => one.stop()));
  }
}
