import type { Database } from '@steward/database';
import { LogNotifier, TELEMETRY_SPACING_MS } from './log-notifier';

/** A notifier whose words are kept instead of said. */
class KeptNotifier extends LogNotifier {
  readonly said: string[] = [];

  constructor() {
    super({} as Database);
  }

  protected override send(payload: string): Promise<unknown> {
    this.said.push(payload);
    return Promise.resolve();
  }
}

describe('wake-ups after an append', () => {
  beforeEach(() => jest.useFakeTimers({ now: 1_000_000 }));
  afterEach(() => jest.useRealTimers());

  it('come at once after a quiet time, then together every 20 ms', async () => {
    const notifier = new KeptNotifier();
    notifier.notify(['a']);
    await jest.advanceTimersByTimeAsync(0);
    expect(notifier.said).toEqual(['a']);
    notifier.notify(['b']);
    await jest.advanceTimersByTimeAsync(10);
    notifier.notify(['c', 'b']);
    await jest.advanceTimersByTimeAsync(9);
    expect(notifier.said).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(notifier.said).toEqual(['a', 'b,c']);
  });

  it('of telemetry come less often, and go with those of others', async () => {
    const notifier = new KeptNotifier();
    const telemetry = () => notifier.notify(['predictions'], TELEMETRY_SPACING_MS);
    telemetry();
    await jest.advanceTimersByTimeAsync(0);
    telemetry();
    await jest.advanceTimersByTimeAsync(TELEMETRY_SPACING_MS - 1);
    expect(notifier.said).toEqual(['predictions']);
    await jest.advanceTimersByTimeAsync(1);
    expect(notifier.said).toEqual(['predictions', 'predictions']);
    telemetry();
    notifier.notify(['models']);
    await jest.advanceTimersByTimeAsync(20);
    expect(notifier.said.at(-1)).toBe('predictions,models');
    await jest.advanceTimersByTimeAsync(1_000);
    expect(notifier.said).toHaveLength(3);
  });

  it('that wait at the end are said before it', async () => {
    const notifier = new KeptNotifier();
    notifier.notify(['a']);
    await jest.advanceTimersByTimeAsync(0);
    notifier.notify(['b']);
    await notifier.stop();
    expect(notifier.said).toEqual(['a', 'b']);
  });
});
