import { Counter, Gauge, register } from 'prom-client';

/** What has been ordered about data subjects and how it stands; `kind` is erase or gather. */
export class SubjectTaskMetrics {
  private readonly waitingTasks: Gauge;
  private readonly doneTasks: Counter;
  private readonly failures: Counter;

  constructor(service: string) {
    const at = (name: string): string => `steward_${service}_subject_${name}`;
    this.waitingTasks =
      (register.getSingleMetric(at('tasks_waiting')) as Gauge | undefined) ??
      new Gauge({
        name: at('tasks_waiting'),
        help: 'Erasures and gatherings that are not done yet.',
        labelNames: ['kind'],
      });
    this.doneTasks =
      (register.getSingleMetric(at('tasks_done_total')) as Counter | undefined) ??
      new Counter({ name: at('tasks_done_total'), help: 'Tasks done.', labelNames: ['kind'] });
    this.failures =
      (register.getSingleMetric(at('task_failures_total')) as Counter | undefined) ??
      new Counter({
        name: at('task_failures_total'),
        help: 'Tries that failed and are tried again.',
        labelNames: ['kind'],
      });
  }

  waiting(tasks: readonly { readonly kind: string }[]): void {
    for (const kind of ['erase', 'gather'])
      this.waitingTasks.set({ kind }, tasks.filter((task) => task.kind === kind).length);
  }

  done(kind: string): void {
    this.doneTasks.inc({ kind });
  }

  failed(kind: string): void {
    this.failures.inc({ kind });
  }
}
