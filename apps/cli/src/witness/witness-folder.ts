import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { LogKey, type WitnessedHead, type WitnessMemory } from '@steward/audit-log';
import { errors } from '@steward/kernel';

/** What a witness keeps: its key and the largest head that it cosigned, in a folder of its own (0700). */
export class WitnessFolder implements WitnessMemory {
  readonly key: LogKey;

  /** Makes the key at the first start. Throws `AUDIT.BAD_KEY` for a key file that is none. */
  constructor(
    private readonly folder: string,
    name: string,
  ) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, 'witness.pem');
    if (!existsSync(file)) this.write('witness.pem', LogKey.generate(name, 'witness').toPem());
    this.key = LogKey.fromPem(name, readFileSync(file, 'utf8'), 'witness');
  }

  /** Throws `CLI.WITNESS_MEMORY` for a file that cannot be read: forgetting would mean cosigning a second history. */
  load(): WitnessedHead | null {
    const file = join(this.folder, 'head');
    if (!existsSync(file)) return null;
    const match = /^(\d{1,15}) ([0-9a-f]{64})\n$/.exec(readFileSync(file, 'utf8'));
    if (!match)
      throw errors.internal(
        'CLI.WITNESS_MEMORY',
        `The file ${file} does not hold a head. Restore it; do not delete it.`,
      );
    return { size: Number(match[1]), root: Buffer.from(match[2]!, 'hex') };
  }

  save({ size, root }: WitnessedHead): void {
    this.write('head', `${size} ${root.toString('hex')}\n`);
  }

  /** The file is the old one or the new one, whenever the machine stops. */
  private write(name: string, content: string): void {
    const draft = join(this.folder, `${name}.new`);
    const file = openSync(draft, 'w', 0o600);
    try {
      writeSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, join(this.folder, name));
    const folder = openSync(this.folder, 'r');
    fsyncSync(folder);
    closeSync(folder);
  }
}
