import { Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import {
  checkpointLine,
  entryLine,
  EXCERPT_FORMAT,
  headerLine,
  inclusionRanges,
  LogKey,
  proofLine,
} from '@steward/audit-log';
import { AuditLogRepository, type LoggedEntry, type SignedHead } from './audit-log.repository';
import { SearchEntries, type EntryFilter } from './search-entries';
import { pathOf, SignHead } from './sign-head';

/** Entries in memory at a time. */
const PAGE = 1_000;

/**
 * Chosen entries, each with a proof that it stands in the log under one signed head: verified offline, without the
 * rest. However many they are, all are handed out, a page at a time as the reader takes them: an excerpt that ended
 * early would look like one that is whole.
 */
@Injectable()
export class ExportExcerpt {
  constructor(
    private readonly log: AuditLogRepository,
    private readonly entries: SearchEntries,
    private readonly key: LogKey,
    private readonly signing: SignHead,
  ) {}

  /** Only entries that the caller may read. Signs first, so that the head covers all that was committed. */
  async export(
    caller: Caller,
    filter: Omit<EntryFilter, 'after' | 'limit'>,
  ): Promise<AsyncGenerator<string>> {
    const head = await this.signing.sign();
    const projects = this.entries.projectsOf(caller, filter.project);
    return this.lines(head, (after) => this.log.search({ ...filter, projects, after, limit: PAGE }));
  }

  private async *lines(
    head: SignedHead,
    page: (after: number | null) => Promise<LoggedEntry[]>,
  ): AsyncGenerator<string> {
    yield headerLine(this.key.verifier, EXCERPT_FORMAT) + checkpointLine(head.note);
    let after: number | null = null;
    for (;;) {
      const found = await page(after);
      const covered = found.filter(({ index }) => index < head.size);
      if (covered.length > 0) yield await this.proved(covered, head.size);
      if (covered.length < PAGE) return;
      after = covered.at(-1)!.index;
    }
  }

  private async proved(entries: readonly LoggedEntry[], size: number): Promise<string> {
    const ranges = entries.map(({ index }) => inclusionRanges(index, size));
    const hashes = await pathOf(this.log, ranges.flat());
    let place = 0;
    return entries
      .map((entry, n) => entryLine(entry) + proofLine(hashes.slice(place, (place += ranges[n]!.length))))
      .join('');
  }
}
