import { readFileSync } from 'node:fs';
import { AppError, errors } from '@steward/kernel';
import { checkGraph } from './check-graph';
import type { CheckTask, CheckVerdict } from './check-messages';

/** A process that reads one model of unknown origin, says what it thinks of it, and ends. */
process.once('message', (task: CheckTask) => {
  void verdictOn(task).then((verdict) => process.send?.(verdict, () => process.exit(0)));
});
process.once('disconnect', () => process.exit(1));

async function verdictOn({ file, signature }: CheckTask): Promise<CheckVerdict> {
  try {
    await checkGraph(readFileSync(file), signature);
    return { refusal: null };
  } catch (thrown) {
    const { code, kind, message, details } = AppError.is(thrown)
      ? thrown
      : errors.invalid('TRAINING.IMPORT_FAILED', `The model cannot be checked: ${String(thrown)}`);
    return { refusal: { code, kind, message: message.slice(0, 1_000), details } };
  }
}
