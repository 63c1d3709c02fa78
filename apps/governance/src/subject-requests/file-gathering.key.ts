import { errors } from '@steward/kernel';
import { newRecipient } from '@steward/subjects';
import { z } from 'zod';
import { readOrCreateSecret } from '../identity/key-file';
import { GatheringKey } from './gathering-key';

const Kept = z.object({ publicKey: z.string(), privateKey: z.string() });

/** `subject-data.json` in the keys folder, 0600, made at the first start. Losing it loses archives, not data. */
export class FileGatheringKey extends GatheringKey {
  readonly publicKey: string;
  readonly privateKey: string;

  constructor(folder: string) {
    super();
    const text = readOrCreateSecret(folder, 'subject-data.json', () => JSON.stringify(newRecipient()));
    const parsed = Kept.safeParse(asJson(text));
    if (!parsed.success)
      throw errors.internal('GOVERNANCE.KEY_BROKEN', 'The key file subject-data.json is not a key pair.');
    this.publicKey = parsed.data.publicKey;
    this.privateKey = parsed.data.privateKey;
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
