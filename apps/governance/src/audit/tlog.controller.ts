import { Controller, Get, Header, Param, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Can } from '@steward/access';
import { parseTilePath } from '@steward/audit-log';
import { errors } from '@steward/kernel';
import { AuditLogRepository } from './audit-log.repository';
import { ReadTiles } from './read-tiles';
import { SignHead } from './sign-head';

/** C2SP tlog-tiles below `/v1/audit/tlog`: any client of tiled transparency logs reads the log from here. */
@ApiTags('Audit log')
@Controller('v1/audit/tlog')
export class TlogController {
  constructor(
    private readonly log: AuditLogRepository,
    private readonly tiles: ReadTiles,
    private readonly signing: SignHead,
  ) {}

  @Get('checkpoint')
  @Can('verify', 'AuditEntry', { project: null })
  @Header('content-type', 'text/plain; charset=utf-8')
  @Header('cache-control', 'no-cache')
  @ApiProduces('text/plain')
  @ApiOperation({
    summary: 'The newest signed head as a C2SP checkpoint, with the witness’s cosignature if it has one',
  })
  async checkpoint(): Promise<string> {
    return ((await this.log.head()) ?? (await this.signing.sign())).note;
  }

  @Get('tile/*path')
  @Can('verify', 'AuditEntry', { project: null })
  // Never a shared cache: who may read the log is decided here.
  @Header('cache-control', 'private, max-age=31536000, immutable')
  @ApiProduces('application/octet-stream')
  @ApiOperation({
    summary: 'A tile of hashes, <level>/<index>[.p/<width>], or a bundle, entries/<index>[.p/<width>]',
  })
  async tile(@Param('path') path: string | readonly string[]): Promise<StreamableFile> {
    const tile = parseTilePath(typeof path === 'string' ? path : path.join('/'));
    if (!tile)
      throw errors.notFound(
        'AUDIT.NO_SUCH_TILE',
        'This is no address of a tile: <level>/<index>[.p/<width>], or entries/<index>[.p/<width>].',
      );
    return new StreamableFile(await this.tiles.read(tile), { type: 'application/octet-stream' });
  }
}
