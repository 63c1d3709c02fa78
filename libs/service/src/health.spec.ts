import type { DiscoveryService } from '@nestjs/core';
import { HealthIndicator, HealthService, type HealthReport } from './health';

class Indicator extends HealthIndicator {
  constructor(
    readonly name: string,
    readonly scope: 'ready' | 'live',
    readonly check: () => HealthReport | Promise<HealthReport>,
  ) {
    super();
  }
}

const serviceWith = (...indicators: HealthIndicator[]): HealthService =>
  new HealthService({
    getProviders: () => [...indicators, {}, undefined].map((instance) => ({ instance })),
  } as unknown as DiscoveryService);

describe('HealthService', () => {
  afterEach(() => jest.useRealTimers());

  it('asks the indicators of the scope alone', async () => {
    const service = serviceWith(
      new Indicator('database', 'ready', () => ({ ok: true })),
      new Indicator('loop', 'live', () => ({ ok: false, detail: 'it hangs' })),
    );
    expect(await service.check('ready')).toEqual({ ok: true, checks: { database: { ok: true } } });
    expect(await service.check('live')).toMatchObject({
      ok: false,
      checks: { loop: { detail: 'it hangs' } },
    });
  });

  it('counts one that throws or does not answer as failed', async () => {
    jest.useFakeTimers();
    const service = serviceWith(
      new Indicator('broken', 'ready', () => Promise.reject(new Error('no'))),
      new Indicator('mute', 'ready', () => new Promise(() => undefined)),
    );
    const asked = service.check('ready');
    await jest.advanceTimersByTimeAsync(2_000);
    expect(await asked).toEqual({
      ok: false,
      checks: { broken: { ok: false, detail: 'no' }, mute: { ok: false, detail: 'No answer within 2 s.' } },
    });
  });

  it('is not ready any more once it stops, and still alive', async () => {
    const service = serviceWith();
    service.startStopping();
    expect((await service.check('ready')).ok).toBe(false);
    expect((await service.check('live')).ok).toBe(true);
  });
});
