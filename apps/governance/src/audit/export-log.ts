import { Injectable } from '@nestjs/common';
import { checkpointLine, entryLine, headerLine, LogKey } from '@steward/audit-log';
import { AuditLogRepository, type SignedHead } from './audit-log.repository';
import { SignHead } from './sign-head';

/** Entries read from the database at a time. */
const CHUNK = 1_000;
/** Heads in a bundle at most, about: each costs a signature check, and the last one covers all. */
const MOST_HEADS = 4_096;

/** The whole log as a bundle that anybody can verify offline, up to the newest signed head. */
@Injectable()
export class ExportLog {
  constructor(
    private readonly log: AuditLogRepository,
    private readonly key: LogKey,
    private readonly signing: SignHead,
  ) {}

  /** Signs first, so that the bundle covers all that was committed, and so that what fails there is an answer of its own. */
  async export(): Promise<AsyncGenerator<string>> {
    return this.lines(await this.signing.sign());
  }

  private async *lines(head: SignedHead): AsyncGenerator<string> {
    yield headerLine(this.key.verifier);
    const step = Math.max(1, Math.ceil(head.size / MOST_HEADS));
    if (head.size === 0) yield checkpointLine(head.note);
    for (let from = 0; from < head.size; from += CHUNK) {
      const to = Math.min(head.size, from + CHUNK);
      yield await this.chunk(from, to, step, head);
    }
  }

  private async chunk(from: number, to: number, step: number, head: SignedHead): Promise<string> {
    const heads = new Map((await this.log.heads(from + 1, to, step)).map((one) => [one.size, one.note]));
    if (to === head.size) heads.set(to, head.note);
    let text = '';
    for (const entry of await this.log.read(from, to)) {
      text += entryLine(entry);
      const note = heads.get(entry.index + 1);
      if (note !== undefined) text += checkpointLine(note);
    }
    return text;
  }
}
