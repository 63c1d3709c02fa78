import { Listr } from 'listr2';
import { DemoDisplay, type ShownStep } from './demo-display';

/** A live list in a terminal. */
export class ListrDisplay extends DemoDisplay {
  async show(steps: readonly ShownStep[]): Promise<void> {
    const list = new Listr(
      steps.map((step) => ({
        title: step.title,
        task: async (_: unknown, task: { output: string; title: string }) => {
          const result = await step.run((text) => (task.output = text));
          task.title = `${step.title}: ${result}`;
        },
      })),
      { concurrent: false, exitOnError: true },
    );
    await list.run();
  }
}
