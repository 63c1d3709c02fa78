/** `npm run kafka -- --port N --data DIR`: a real Kafka broker in the foreground, until Ctrl-C. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { missingForKafka, startBroker } from './broker.mjs';

const { values } = parseArgs({ options: { port: { type: 'string' }, data: { type: 'string' } } });

async function main() {
  const missing = missingForKafka();
  if (missing) throw new Error(`Kafka needs ${missing}, which is not installed.`);
  const port = values.port === undefined ? 9092 : Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error('--port takes a number from 1 to 65535.');
  const log = (line) => process.stderr.write(`${line}\n`);
  const broker = await startBroker({ data: values.data ?? join('.steward', 'kafka'), port, log });
  process.stdout.write(`Kafka listens on ${broker.broker}. Ctrl-C stops it.\n`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void broker.stop());
  await broker.ended;
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
