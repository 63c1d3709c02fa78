import { Injectable } from '@nestjs/common';
import {
  completeNodes,
  consistencyRanges,
  foldNodes,
  LogKey,
  signCheckpoint,
  verifyConsistency,
  verifyCheckpoint,
  type CompactRange,
  type LeafRange,
  type VerifierKey,
} from '@steward/audit-log';
import { AppError, Clock } from '@steward/kernel';
import { AuditLogRepository, type SignedHead } from './audit-log.repository';
import { LogIntegrity, isTampered, tampered } from './log-integrity';

/** Signs the log's head where it has grown, after proving that it continues the head that was signed last. */
@Injectable()
export class SignHead {
  /** The last head that this process proved: it must never disappear. */
  private seen: SignedHead | null = null;
  private running: Promise<SignedHead> | undefined;

  constructor(
    private readonly log: AuditLogRepository,
    private readonly key: LogKey,
    private readonly integrity: LogIntegrity,
    private readonly clock: Clock,
  ) {}

  /**
   * The signed head that covers all that was committed before the call. Throws `AUDIT.TAMPERED` if the log is not a
   * continuation of the last signed head; then nothing more is appended either.
   */
  async sign(): Promise<SignedHead> {
    // A call in progress may have read the tree before the caller's commit, so it does not count.
    while (this.running) await this.running.catch(() => undefined);
    this.running = this.signOnce();
    try {
      return await this.running;
    } catch (error) {
      if (isTampered(error)) this.integrity.broken(error);
      throw error;
    } finally {
      this.running = undefined;
    }
  }

  private async signOnce(): Promise<SignedHead> {
    this.integrity.require();
    // The head first: the tree may grow between the two reads, and never shrinks.
    const last = await this.log.head();
    const tree = await this.log.tree();
    requireSigned(last, this.key.verifier);
    this.requireNotRolledBack(last);
    if (last) await this.requireContinues(last, tree);
    if (last?.size === tree.size) return (this.seen = last);
    const head = { size: tree.size, root: tree.root(), time: this.clock.iso() };
    const signed = { ...head, note: signCheckpoint(head, this.key) };
    await this.log.addHead(signed);
    return (this.seen = signed);
  }

  private requireNotRolledBack(last: SignedHead | null): void {
    const { seen } = this;
    if (!seen) return;
    if (!last || last.size < seen.size) throw tampered(`the signed head of ${seen.size} entries is gone.`);
    if (last.size === seen.size && !last.root.equals(seen.root))
      throw tampered(`the signed head of ${seen.size} entries was replaced.`);
  }

  private async requireContinues(last: SignedHead, tree: CompactRange): Promise<void> {
    if (tree.size < last.size)
      throw tampered(`it has ${tree.size} entries, and a signed head vouches for ${last.size}.`);
    const path = await pathOf(this.log, consistencyRanges(last.size, tree.size));
    const proof = { oldSize: last.size, newSize: tree.size, oldRoot: last.root, newRoot: tree.root(), path };
    if (!verifyConsistency(proof))
      throw tampered(`its first ${last.size} entries are not those of the signed head.`);
  }
}

/** Throws `AUDIT.TAMPERED` unless the head carries the key's signature over what its row says. */
export function requireSigned(head: SignedHead | null, key: VerifierKey): void {
  if (!head) return;
  try {
    const { size, root } = verifyCheckpoint(head.note, key);
    if (size === head.size && root.equals(head.root)) return;
  } catch (error) {
    if (!AppError.is(error)) throw error;
  }
  throw tampered(`the stored head of ${head.size} entries is not signed with key ${key.id}.`);
}

/** The hashes of ranges of the tree from stored nodes. Throws `AUDIT.TAMPERED` where one is missing. */
export async function pathOf(log: AuditLogRepository, ranges: readonly LeafRange[]): Promise<Buffer[]> {
  const parts = ranges.map(completeNodes);
  const hashes = await log.nodes(parts.flat());
  let place = 0;
  return parts.map((ids) => foldNodes(hashes.slice(place, (place += ids.length))));
}
