/**
 * Resident memory over many requests: `node tools/benchmarks/serving/soak.cjs --requests 10000000`. Needs
 * `npm run build` and h2load. Prints the resident size after each part; the first part warms up.
 */
const { drive, framed, residentBytes } = require('./load.cjs');
const { tensorRequest } = require('./requests.cjs');
const { startDatabase, startSteward } = require('./steward.cjs');

const PART_SECONDS = 30;
const PATH = '/inference.GRPCInferenceService/ModelInfer';

function wanted() {
  const given = Number(process.argv[process.argv.indexOf('--requests') + 1]);
  if (process.argv.includes('--requests') && Number.isInteger(given) && given > 0) return given;
  throw new Error('Say how many requests: --requests 10000000.');
}

async function main() {
  const requests = wanted();
  const stopDatabase = await startDatabase();
  const steward = await startSteward();
  const sizes = [];
  for (let done = 0; done < requests;) {
    const { perSecond, failed } = await drive({
      url: `http://${steward.grpcAddress}${PATH}`,
      body: framed(tensorRequest(1)),
      headers: { te: 'trailers', 'content-type': 'application/grpc', authorization: steward.authorization },
      seconds: PART_SECONDS,
      pids: [steward.pid],
    });
    done += Math.round(perSecond * PART_SECONDS);
    sizes.push(residentBytes(steward.pid) / 1024 ** 2);
    process.stdout.write(
      `${done} requests, ${perSecond.toFixed(0)}/s, ${failed} cut off at the end of the part, ${sizes.at(-1).toFixed(0)} MiB resident\n`,
    );
  }
  const [, ...warm] = sizes;
  if (warm.length > 1)
    process.stdout.write(
      `After the first part between ${Math.min(...warm).toFixed(0)} and ${Math.max(...warm).toFixed(0)} MiB.\n`,
    );
  await steward.close();
  await stopDatabase();
  process.exit(0);
}

void main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
