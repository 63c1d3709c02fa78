import { AppError } from '@steward/kernel';
import type { StewardClient } from '@steward/client';
import type {
  BatchAnswer,
  ContractAnswer,
  Page,
  QuarantineAnswer,
  VersionAnswer,
} from '@steward/client/answers';
import type { DatasetPart, Part } from './report-data';

const MOST_VERSIONS = 200;
const MOST_QUARANTINED_BATCHES = 20;
/** Refused rows shown of a batch; the values are masked by the service. */
const MOST_REFUSED = 25;

/** Contract, versions, batches and the refused rows of a dataset; versions and batches oldest first. */
export async function collectDataset(
  client: StewardClient,
  base: string,
  name: string,
): Promise<DatasetPart> {
  const path = `${base}/datasets/${encodeURIComponent(name)}`;
  const contract = await client.get<ContractAnswer>(`${path}/contract`);
  const versions = await client.get<Page<VersionAnswer>>(`${path}/versions`, { limit: MOST_VERSIONS });
  const batches = await client.get<Page<BatchAnswer>>(`${path}/batches`, { limit: MOST_VERSIONS });
  const refused = batches.items
    .filter(({ quarantined }) => quarantined > 0)
    .slice(0, MOST_QUARANTINED_BATCHES);
  const quarantine: DatasetPart['quarantine'][number][] = [];
  for (const batch of refused.toReversed())
    quarantine.push({ batch, rows: await refusedRows(client, `${path}/batches/${batch.batch}/quarantine`) });
  return {
    name,
    contract,
    versions: versions.items.toReversed(),
    batches: batches.items.toReversed(),
    quarantine,
  };
}

/** Rows may be gone (their time is over) or not the caller's to see, while their counts remain. */
async function refusedRows(client: StewardClient, path: string): Promise<Part<readonly QuarantineAnswer[]>> {
  try {
    const page = await client.get<Page<QuarantineAnswer>>(path, { limit: MOST_REFUSED });
    return { found: true, value: page.items };
  } catch (error) {
    if (!AppError.is(error)) throw error;
    return { found: false, why: error.message };
  }
}
