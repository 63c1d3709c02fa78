import type { ServiceName } from '@steward/contracts';
import { TestProcess, type BusPlace } from './test-process';

/** Processes that end with the test. */
export interface Processes {
  /** A process that has not started. */
  readonly process: (service: ServiceName) => TestProcess;
  /** Ends one before the test does. */
  readonly stop: (one: TestProcess) => Promise<void>;
}

/** For the suites of the bus: `place` gives a bus with a fresh database for each test. */
export function useProcesses(place: () => BusPlace): Processes {
  jest.setTimeout(90_000);
  const running: TestProcess[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.stop()));
  });
  return {
    process: (service) => {
      const made = new TestProcess(place(), service);
      running.push(made);
      return made;
    },
    stop: async (one) => {
      running.splice(running.indexOf(one), 1);
      await one.stop();
    },
  };
}
