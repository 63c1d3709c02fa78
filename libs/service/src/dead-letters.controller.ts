import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, AuditTrail, Can, FromCaller, type Caller } from '@steward/access';
import { DeadLetters, type DeadLetter } from '@steward/messaging';
import { z } from 'zod';
import { ZodBody, ZodParams, ZodQuery } from './zod-params';

const Page = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  after: z.uuid().optional(),
  state: z.enum(['waiting', 'replayed']).optional(),
});
const Path = z.object({ id: z.uuid() });
const Replay = z
  .strictObject({
    /** Offset of the last later event of the same key, as a sign that somebody has looked at them. */
    laterSeen: z.number().int().nonnegative().optional(),
  })
  .default({});

/** Events that this service could not handle: people look at them and have them handled again. */
@ApiTags('dead letters')
@Controller('v1/dead-letters')
export class DeadLettersController {
  constructor(
    private readonly letters: DeadLetters,
    private readonly access: Access,
    private readonly trail: AuditTrail,
  ) {}

  /** Those of projects that the caller may see; a page may therefore hold fewer than `limit`. */
  @Get()
  @Can('read', 'DeadLetter', { anyProject: true })
  async list(@ZodQuery(Page) page: z.output<typeof Page>, @FromCaller() caller: Caller) {
    const { items, next } = await this.letters.list(page);
    const visible = items.filter(({ project }) =>
      this.access.can(caller.principal, 'read', 'DeadLetter', { project }),
    );
    return { items: visible, next };
  }

  @Get(':id')
  @Can('read', 'DeadLetter', { anyProject: true })
  async one(@ZodParams(Path) { id }: z.output<typeof Path>, @FromCaller() caller: Caller) {
    const letter = await this.letters.find(id);
    this.access.require(caller, 'read', 'DeadLetter', { project: letter.project });
    return letter;
  }

  @Post(':id/replay')
  @HttpCode(200)
  @Can('replay', 'DeadLetter', { anyProject: true })
  async replay(
    @ZodParams(Path) { id }: z.output<typeof Path>,
    @ZodBody(Replay) { laterSeen }: z.output<typeof Replay>,
    @FromCaller() caller: Caller,
  ): Promise<DeadLetter> {
    const letter = await this.letters.find(id);
    const { project, topic, code } = letter;
    this.access.require(caller, 'replay', 'DeadLetter', { project });
    return this.letters.replay(id, {
      laterSeen,
      record: (unit) =>
        this.trail.record(unit, caller, {
          action: 'dead-letter.replay',
          object: { kind: 'dead-letter', id },
          project,
          details: { topic, code, event: letter.eventId },
        }),
    });
  }
}
