import { InferenceConfig, InferenceSettings } from '../inference.config';
import { LoadShedder } from './load-shedder';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const shedder = (requests: number, rows: number): LoadShedder =>
  new LoadShedder(
    new InferenceConfig(
      InferenceSettings.parse({
        STEWARD_INFERENCE_IN_FLIGHT_REQUESTS: requests,
        STEWARD_INFERENCE_IN_FLIGHT_ROWS: rows,
      }),
    ),
  );
const OVERLOADED = { code: 'INFERENCE.OVERLOADED', kind: 'limit', retriable: true };

describe('load shedding', () => {
  it('refuses requests past the bound until one has left', async () => {
    const load = shedder(2, 1_000);
    load.enter(1);
    load.enter(1);
    expect(() => load.enter(1)).toThrow(expect.objectContaining(OVERLOADED));
    load.leave(1);
    await turn();
    expect(() => load.enter(1)).not.toThrow();
  });

  it('counts rows, those answered in the same turn included, and takes what is too large when it is alone', async () => {
    const load = shedder(100, 100);
    load.enter(500);
    expect(() => load.enter(1)).toThrow(
      expect.objectContaining({ ...OVERLOADED, details: { of: 'rows', limit: 100, retryAfterMs: 100 } }),
    );
    load.leave(500);
    expect(() => load.enter(1)).toThrow();
    await turn();
    load.enter(60);
    load.leave(60);
    load.enter(40);
    expect(() => load.enter(1)).toThrow();
    load.leave(40);
    await turn();
    expect(() => load.enter(100)).not.toThrow();
  });
});
