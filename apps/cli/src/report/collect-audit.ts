import { verifyBundle } from '@steward/audit-log';
import type { StewardClient } from '@steward/client';
import type { AuditEntryAnswer, HeadAnswer, PublicKeyAnswer } from '@steward/client/answers';
import { readKey } from '../audit-bundle';
import { count } from '../format';
import type { ReportRequest } from './collect-report';
import type { AuditPart } from './report-data';

type Listed = AuditPart['newest'][number];

/**
 * Exports the log, verifies it while it streams by, and keeps the newest entries of the project as they stand in the
 * verified bundle. Memory is bounded by the number of entries shown.
 */
export async function collectAudit(
  client: StewardClient,
  { project, entries }: ReportRequest,
  onStep: (label: string) => void,
): Promise<AuditPart> {
  const { publicKey } = await client.get<PublicKeyAnswer>('/governance/v1/audit/public-key');
  const key = readKey(publicKey);
  const head = await client.get<HeadAnswer | null>('/governance/v1/audit/head');
  const picked = new ProjectEntries(project, entries);
  const verification = await verifyBundle(picked.passing(client.stream('/governance/v1/audit/export')), key, {
    ...(head ? { seenHead: head } : {}),
    onProgress: (done) => onStep(`verifying the audit log: ${count(done)} entries`),
  });
  return {
    verification,
    publicKey,
    keyId: key.id,
    entriesOfProject: picked.total,
    byAction: picked.byAction,
    newest: picked.newest,
  };
}

/** Picks a project's entries out of a bundle that passes through. */
export class ProjectEntries {
  total = 0;
  readonly byAction = new Map<string, number>();
  readonly newest: Listed[] = [];
  private rest = '';
  private readonly decoder = new TextDecoder();
  /** What an entry of the project must contain: spares parsing the others. */
  private readonly mark: string;

  constructor(
    private readonly project: string,
    private readonly most: number,
  ) {
    this.mark = `"project":${JSON.stringify(project)}`;
  }

  async *passing(bundle: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of bundle) {
      const lines = (this.rest + this.decoder.decode(chunk, { stream: true })).split('\n');
      this.rest = lines.pop() ?? '';
      for (const line of lines) this.line(line);
      yield chunk;
    }
  }

  private line(line: string): void {
    if (!line.startsWith('{"entry":') || !line.includes(this.mark)) return;
    const entry = parsed(line);
    if (entry?.project !== this.project) return;
    this.total += 1;
    this.byAction.set(entry.action, (this.byAction.get(entry.action) ?? 0) + 1);
    this.newest.push(entry);
    if (this.newest.length > this.most) this.newest.shift();
  }
}

/** Null for a damaged line: the verification names it. */
function parsed(line: string): Listed | null {
  try {
    const { entry, index, leaf } = JSON.parse(line) as {
      entry: AuditEntryAnswer;
      index: number;
      leaf: string;
    };
    return { ...entry, index, leaf };
  } catch {
    return null;
  }
}
