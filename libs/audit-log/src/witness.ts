import { AppError } from '@steward/kernel';
import { fromBase64, noteParts, openCheckpoint, type OpenedCheckpoint } from './checkpoint';
import { cosign } from './cosignature';
import type { LogKey, VerifierKey } from './log-key';
import { HASH_BYTES } from './merkle-hash';
import { verifyConsistency } from './merkle-proof';

/** What a witness must never forget: the largest head that it cosigned. */
export interface WitnessedHead {
  readonly size: number;
  readonly root: Buffer;
}

/** Where a witness keeps the head. `save` returns only when it is durable. */
export interface WitnessMemory {
  load(): WitnessedHead | null;
  save(head: WitnessedHead): void;
}

/** An answer of the witness protocol: HTTP status, content type, body. */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly type: string;
  readonly body: string;
}

/** Most lines of a consistency proof. */
const MOST_PROOF_LINES = 63;

/**
 * A witness of one log (C2SP tlog-witness): it cosigns a head only if it continues the last one that it cosigned, so a
 * log that shows different histories to different people, or takes entries back, cannot have both cosigned.
 * Synchronous from the comparison to the save, so that two requests at once cannot pass each other.
 */
export class Witness {
  constructor(
    private readonly key: LogKey,
    private readonly log: VerifierKey,
    private readonly memory: WitnessMemory,
    /** Milliseconds since 1970. */
    private readonly now: () => number,
  ) {}

  /** Answers the body of `add-checkpoint`: `old <size>`, the proof's hashes in base64, an empty line, the checkpoint. */
  addCheckpoint(body: string): WitnessAnswer {
    const request = parseRequest(body);
    if (!request)
      return text(400, 'This is not a request to cosign: old size, proof, empty line, checkpoint.');
    let opened: OpenedCheckpoint;
    try {
      opened = openCheckpoint(request.note, this.log);
    } catch (error) {
      if (!AppError.is(error)) throw error;
      return text(400, error.message);
    }
    if (opened.origin !== this.log.name)
      return text(404, `This witness does not know the log ${opened.origin}.`);
    if (opened.signature !== 'valid')
      return text(403, 'The checkpoint is not signed by the key of this log.');
    if (request.oldSize > opened.size) return text(400, 'The old size is larger than the checkpoint.');
    return this.judge(request, opened);
  }

  private judge({ oldSize, path, note }: Request, head: OpenedCheckpoint): WitnessAnswer {
    const last = this.memory.load();
    const conflict = (): WitnessAnswer => ({
      status: 409,
      type: 'text/x.tlog.size',
      body: `${last?.size ?? 0}\n`,
    });
    if (oldSize !== (last?.size ?? 0)) return conflict();
    if (last && last.size === head.size && !last.root.equals(head.root)) return conflict();
    const proof = { oldSize, newSize: head.size, oldRoot: last?.root ?? head.root, newRoot: head.root, path };
    if (!verifyConsistency(proof))
      return text(422, 'The proof does not show that this head continues the last one.');
    if (last?.size !== head.size) this.memory.save({ size: head.size, root: head.root });
    return text(200, cosign(note, this.key, Math.floor(this.now() / 1000)));
  }
}

interface Request {
  readonly oldSize: number;
  readonly path: readonly Buffer[];
  readonly note: string;
}

function parseRequest(body: string): Request | null {
  const end = body.indexOf('\n\n');
  if (end < 0 || !noteParts(body.slice(end + 2))) return null;
  const [first, ...lines] = body.slice(0, end).split('\n');
  const old = /^old (0|[1-9]\d{0,15})$/.exec(first ?? '');
  const path = lines.map(fromBase64);
  if (!old || lines.length > MOST_PROOF_LINES || path.some((hash) => hash.length !== HASH_BYTES)) return null;
  return { oldSize: Number(old[1]), path, note: body.slice(end + 2) };
}

/** The body with which a log asks a witness. */
export function witnessRequest(oldSize: number, path: readonly Buffer[], note: string): string {
  return `old ${oldSize}\n${path.map((hash) => `${hash.toString('base64')}\n`).join('')}\n${note}`;
}

const text = (status: WitnessAnswer['status'], body: string): WitnessAnswer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: body.endsWith('\n') ? body : `${body}\n`,
});
