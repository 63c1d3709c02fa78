/**
 * Resident memory over many requests: `node tools/benchmarks/serving/soak.cjs --requests 10000000`. Needs
 * `npm run build` and h2load. Prints the memory of each part, of which the first third warms up, and ends with 1 where the
 * resident memory is not flat after that: the peak of one part more than a tenth above that of another. The peak, because
 * memory rises between two full garbage collections, some 150,000 requests apart, and falls at each.
 */
const { drive, framed, residentBytes } = require('./load.cjs');
const { tensorRequest } = require('./requests.cjs');
const { startDatabase, startSteward } = require('./steward.cjs');

const PARTS = 12;
/** So that each part sees a full garbage collection. */
const SMALLEST_PART = 200_000;
const LONGEST_PART_SECONDS = 120;
const FIRST_PART_SECONDS = 10;
const SAMPLE_MS = 500;
const WARM_UP = 1 / 3;
const FLAT_WITHIN = 0.1;
const PATH = '/inference.GRPCInferenceService/ModelInfer';

const mib = (bytes) => bytes / 1024 ** 2;
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function wanted() {
  const given = Number(process.argv[process.argv.indexOf('--requests') + 1]);
  if (process.argv.includes('--requests') && Number.isInteger(given) && given > 0) return given;
  throw new Error('Say how many requests: --requests 10000000.');
}

/** Of what the resident memory is made, as the process's own metrics say. */
async function parts(url) {
  const text = await (await fetch(`${url}/metrics`, { headers: { connection: 'close' } })).text();
  const figure = (name) => {
    const value = Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1]);
    if (!Number.isFinite(value)) throw new Error(`${url}/metrics does not say ${name}.`);
    return mib(value).toFixed(0);
  };
  return `heap ${figure('nodejs_heap_size_used_bytes')} used of ${figure('nodejs_heap_size_total_bytes')}, external ${figure('nodejs_external_memory_bytes')}`;
}

/** The verdict on the parts' peaks in MiB, of which the first third is the warm-up. */
function judged(peaks) {
  const warm = peaks.slice(Math.ceil(peaks.length * WARM_UP));
  if (warm.length < 3) throw new Error('Too few parts to judge by; ask for more requests.');
  const [lowest, highest] = [Math.min(...warm), Math.max(...warm)];
  return { lowest, highest, flat: highest <= lowest * (1 + FLAT_WITHIN) };
}

async function main() {
  const requests = wanted();
  const stopDatabase = await startDatabase();
  const steward = await startSteward();
  const peaks = [];
  let seconds = FIRST_PART_SECONDS;
  for (let done = 0; done < requests;) {
    const samples = [];
    const sampler = setInterval(() => samples.push(mib(residentBytes(steward.pid))), SAMPLE_MS);
    const { perSecond } = await drive({
      url: `http://${steward.grpcAddress}${PATH}`,
      body: framed(tensorRequest(1)),
      headers: { te: 'trailers', 'content-type': 'application/grpc', authorization: steward.authorization },
      seconds,
      pids: [steward.pid],
    });
    clearInterval(sampler);
    done += Math.round(perSecond * seconds);
    peaks.push(Math.max(...samples));
    process.stdout.write(
      `${done} requests, ${perSecond.toFixed(0)}/s, resident MiB: ` +
        `${Math.min(...samples).toFixed(0)} to ${peaks.at(-1).toFixed(0)}, median ${median(samples).toFixed(0)}; ${await parts(steward.url)}\n`,
    );
    const part = Math.max(SMALLEST_PART, requests / PARTS);
    seconds = Math.max(FIRST_PART_SECONDS, Math.min(LONGEST_PART_SECONDS, Math.ceil(part / perSecond)));
  }
  const { lowest, highest, flat } = judged(peaks);
  process.stdout.write(
    `Peaks after the first third between ${lowest.toFixed(0)} and ${highest.toFixed(0)} MiB resident: ` +
      `${flat ? 'flat' : 'NOT flat'} within ${FLAT_WITHIN * 100} %.\n`,
  );
  await steward.close();
  await stopDatabase();
  process.exit(flat ? 0 : 1);
}

void main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
