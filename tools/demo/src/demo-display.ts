/** A step as a display shows it. `run` gets a way to say what goes on and resolves with what came out. */
export interface ShownStep {
  readonly title: string;
  readonly run: (say: (text: string) => void) => Promise<string>;
}

/** Runs steps one after the other and shows them; rejects with the first failure. */
export abstract class DemoDisplay {
  abstract show(steps: readonly ShownStep[]): Promise<void>;
}

/** One line a step, for files and tests. */
export class PlainDisplay extends DemoDisplay {
  constructor(private readonly write: (line: string) => void) {
    super();
  }

  async show(steps: readonly ShownStep[]): Promise<void> {
    for (const step of steps) {
      const started = Date.now();
      const result = await step.run(() => undefined);
      this.write(`${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  ${step.title}: ${result}`);
    }
  }
}
