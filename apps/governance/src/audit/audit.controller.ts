import { Readable } from 'node:stream';
import { Controller, Get, Logger, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, PublicEndpoint, type Caller } from '@steward/access';
import { LogKey } from '@steward/audit-log';
import { ZodParams, ZodQuery } from '@steward/service';
import { z } from 'zod';
import { AuditLogRepository, type SignedHead } from './audit-log.repository';
import { ExportExcerpt } from './export-excerpt';
import { ExportLog } from './export-log';
import { ProveEntry } from './prove-entry';
import { SearchEntries } from './search-entries';
import { SignHead } from './sign-head';

const text = () => z.string().min(1).max(200).optional();
const Filter = z.object({
  project: text(),
  action: text(),
  actor: text(),
  object: text(),
  correlation: text(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
});
const Search = Filter.extend({
  after: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  order: z.enum(['oldest', 'newest']).default('oldest'),
});
const Place = z.object({ index: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER) });
const Sizes = z.object({
  from: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  to: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
});

const shown = ({ size, root, time, note }: SignedHead) => ({
  size,
  root: root.toString('hex'),
  time,
  checkpoint: note,
});

const filterOf = (query: z.output<typeof Filter>) => ({
  project: query.project ?? null,
  action: query.action ?? null,
  actor: query.actor ?? null,
  object: query.object ?? null,
  correlation: query.correlation ?? null,
  from: query.from ?? null,
  to: query.to ?? null,
});

@ApiTags('Audit log')
@Controller('v1/audit')
export class AuditController {
  private readonly logger = new Logger(AuditController.name);

  constructor(
    private readonly log: AuditLogRepository,
    private readonly entries: SearchEntries,
    private readonly proofs: ProveEntry,
    private readonly exports: ExportLog,
    private readonly excerpts: ExportExcerpt,
    private readonly signing: SignHead,
    private readonly key: LogKey,
  ) {}

  @Get('entries')
  @Can('read', 'AuditEntry', { anyProject: true })
  @ApiOperation({
    summary: 'Entries in their order or newest first, of projects whose log the caller may read',
  })
  search(@FromCaller() caller: Caller, @ZodQuery(Search) query: z.output<typeof Search>) {
    const { project, action, actor, object, correlation, from, to, after, limit, order } = query;
    return this.entries.search(caller, {
      project: project ?? null,
      action: action ?? null,
      actor: actor ?? null,
      object: object ?? null,
      correlation: correlation ?? null,
      from: from ?? null,
      to: to ?? null,
      after: after ?? null,
      limit,
      newestFirst: order === 'newest',
    });
  }

  @Get('entries/:index/proof')
  @Can('read', 'AuditEntry', { anyProject: true })
  @ApiOperation({ summary: 'An inclusion proof (RFC 9162) of an entry against the newest head' })
  async prove(@FromCaller() caller: Caller, @ZodParams(Place) { index }: z.output<typeof Place>) {
    const { entry, head, path } = await this.proofs.inclusion(caller, index);
    return { index, leaf: entry.leaf.toString('hex'), entry: entry.entry, path, head: shown(head) };
  }

  @Get('consistency')
  @Can('verify', 'AuditEntry', { project: null })
  @ApiOperation({
    summary: 'A proof that the log of `to` entries (or the newest head) continues its state of `from`',
  })
  async consistency(@ZodQuery(Sizes) { from, to }: z.output<typeof Sizes>) {
    const { head, ...proof } = await this.proofs.consistency(from, to ?? null);
    return { from, ...proof, head: shown(head) };
  }

  @Get('head')
  @Can('verify', 'AuditEntry', { project: null })
  @ApiOperation({ summary: 'The newest signed head: keep it, to know later that nothing was cut off' })
  async head() {
    return shown((await this.log.head()) ?? (await this.signing.sign()));
  }

  @Get('public-key')
  @PublicEndpoint('The key with which anybody verifies the log.')
  @ApiOperation({ summary: 'The verifier key, as C2SP signed-note writes it' })
  publicKey() {
    const { id, name, text: publicKey } = this.key.verifier;
    return { keyId: id, origin: name, publicKey };
  }

  @Get('export')
  @Can('verify', 'AuditEntry', { project: null })
  @ApiProduces('application/x-ndjson')
  @ApiOperation({ summary: 'The whole log as a bundle for offline verification (NDJSON)' })
  async export(): Promise<StreamableFile> {
    return this.file(await this.exports.export(), 'steward-audit.ndjson');
  }

  @Get('excerpt')
  @Can('read', 'AuditEntry', { anyProject: true })
  @ApiProduces('application/x-ndjson')
  @ApiOperation({
    summary: 'Chosen entries, each with its proof under one signed head, for offline verification (NDJSON)',
  })
  async excerpt(@FromCaller() caller: Caller, @ZodQuery(Filter) query: z.output<typeof Filter>) {
    return this.file(await this.excerpts.export(caller, filterOf(query)), 'steward-audit-excerpt.ndjson');
  }

  private file(parts: AsyncGenerator<string>, name: string): StreamableFile {
    const lines = Readable.from(parts, { objectMode: false });
    // The status line is gone by then: only breaking off tells the caller that the file is not whole.
    lines.on('error', (error) =>
      this.logger.error(`An export of the audit log was broken off: ${String(error)}`),
    );
    return (
      new StreamableFile(lines, {
        type: 'application/x-ndjson; charset=utf-8',
        disposition: `attachment; filename="${name}"`,
      })
        // Nest would end the answer as if it were whole.
        .setErrorHandler((_, response) => response.destroy?.())
    );
  }
}
