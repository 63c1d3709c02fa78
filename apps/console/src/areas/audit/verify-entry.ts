import canonicalize from 'canonicalize';
import { isSigned, parseCheckpoint, parseKey } from './checkpoint';
import { fromHex, hashLeaf, sameBytes, toHex, verifyConsistency, verifyInclusion } from './merkle';

/** What governance answers for a proof. */
export interface ProofAnswer {
  readonly index: number;
  readonly leaf: string;
  readonly entry: unknown;
  readonly path: readonly string[];
  readonly head: { readonly size: number; readonly root: string; readonly checkpoint: string };
}

/** A head that this browser has proved before. */
export interface SeenHead {
  readonly size: number;
  readonly root: string;
  readonly key: string;
}

/** One thing that was checked, and how it went. */
export interface Check {
  readonly what: string;
  readonly holds: boolean;
  readonly said: string;
}

export interface Verification {
  readonly checks: readonly Check[];
  readonly holds: boolean;
  /** To be remembered; null where something does not hold. */
  readonly head: SeenHead | null;
}

export interface Claims {
  readonly proof: ProofAnswer;
  readonly publicKey: string;
  readonly seen: SeenHead | null;
  /** Hashes that prove that the log continues `seen`; null where they could not be had. */
  readonly consistency: readonly string[] | null;
}

type Judgement = readonly [boolean, string];

/** Judges one thing; what cannot be judged does not hold. */
export async function check(what: string, judge: () => Promise<Judgement>): Promise<Check> {
  try {
    const [holds, said] = await judge();
    return { what, holds, said };
  } catch (error) {
    return { what, holds: false, said: error instanceof Error ? error.message : 'It cannot be checked.' };
  }
}

/** Checks an entry, its place in the log, and the signature of the head, with WebCrypto alone. */
export async function verifyEntry({ proof, publicKey, seen, consistency }: Claims): Promise<Verification> {
  const { index, path, head } = proof;
  const leaf = fromHex(proof.leaf);
  const content = new TextEncoder().encode(canonicalize(proof.entry));
  const checkpoint = parseCheckpoint(head.checkpoint);
  const checks = [
    await check('Content', async () => {
      const hash = await hashLeaf(content);
      return [
        sameBytes(hash, leaf),
        `The entry's canonical JSON has the leaf hash ${toHex(hash).slice(0, 16)}….`,
      ];
    }),
    await check('Place', async () => [
      await verifyInclusion({
        index,
        size: checkpoint.size,
        leaf,
        path: path.map(fromHex),
        root: checkpoint.root,
      }),
      `${path.length} hashes lead from entry ${index} to the root of ${checkpoint.size} entries.`,
    ]),
    await check('Signature', async () => {
      const key = await parseKey(publicKey);
      return [
        await isSigned(checkpoint, key),
        `The head is signed with Ed25519 key ${key.id} of ${key.name}.`,
      ];
    }),
    ...(seen ? [await check('Continuation', () => continues(checkpoint, publicKey, seen, consistency))] : []),
  ];
  const holds = checks.every((each) => each.holds);
  return {
    checks,
    holds,
    head: holds ? { size: checkpoint.size, root: toHex(checkpoint.root), key: publicKey } : null,
  };
}

async function continues(
  head: ReturnType<typeof parseCheckpoint>,
  publicKey: string,
  seen: SeenHead,
  consistency: readonly string[] | null,
): Promise<Judgement> {
  if (seen.key !== publicKey)
    return [false, 'The log is signed with another key than when this browser last looked.'];
  if (head.size < seen.size)
    return [
      false,
      `This browser has seen ${seen.size} entries; the log now has ${head.size}: its tail was cut off.`,
    ];
  if (consistency === null)
    return [false, 'The proof that the log continues the head seen before is missing.'];
  const holds = await verifyConsistency({
    oldSize: seen.size,
    newSize: head.size,
    oldRoot: fromHex(seen.root),
    newRoot: head.root,
    path: consistency.map(fromHex),
  });
  return [holds, `The log continues the head of ${seen.size} entries that this browser proved before.`];
}
