import { Injectable } from '@nestjs/common';
import { encodeEntries, tileLeaves, tileNodes, type Tile } from '@steward/audit-log';
import { errors } from '@steward/kernel';
import { AuditLogRepository } from './audit-log.repository';

/** The log as C2SP tlog-tiles shows it: what the newest signed head covers, in tiles that never change. */
@Injectable()
export class ReadTiles {
  constructor(private readonly log: AuditLogRepository) {}

  /** Bytes of a tile of hashes or of a bundle of entries. Throws `AUDIT.NO_SUCH_TILE`, `AUDIT.ENTRY_TOO_LONG`. */
  async read(tile: Tile): Promise<Buffer> {
    const { level } = tile;
    const { from, to } = tileLeaves(tile);
    const head = await this.log.head();
    if (!head || to > head.size)
      throw errors.notFound(
        'AUDIT.NO_SUCH_TILE',
        `The signed log of ${head?.size ?? 0} entries has no such tile yet. Read the checkpoint first.`,
      );
    if (level === 'entries')
      return encodeEntries((await this.log.read(from, to)).map(({ content }) => content));
    return Buffer.concat(await this.log.nodes(tileNodes({ ...tile, level })));
  }
}
