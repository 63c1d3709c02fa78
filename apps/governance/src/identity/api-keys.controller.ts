import { Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { errors } from '@steward/kernel';
import { ZodBody, ZodQuery } from '@steward/service';
import { z } from 'zod';
import { CreateApiKey } from './create-api-key';
import { ApiKeyRepository, type ApiKey } from './identity.repository';
import { RevokeApiKey } from './revoke-api-key';
import { RotateApiKey } from './rotate-api-key';

const Words = z.array(z.string().min(1).max(100)).min(1).max(50);
const Scope = z.strictObject({ action: Words, subject: Words });
const NewKey = z.strictObject({
  principalId: z.string().min(1).max(200),
  project: z.string().min(1).max(63).nullish(),
  expiresAt: z.iso.datetime().nullish(),
  /** Actions on subjects that the key is for; absent: all that its holder may. */
  scopes: z.array(Scope).min(1).max(50).nullish(),
});
const Rotation = z
  .strictObject({
    /** How long the old key goes on. */
    overlapSeconds: z
      .number()
      .int()
      .min(0)
      .max(30 * 86_400)
      .default(86_400),
  })
  .default({ overlapSeconds: 86_400 });
const KeyPage = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().min(1).max(200).optional(),
  principalId: z.string().min(1).max(200).optional(),
});
/** All but the digest of the secret, which nobody needs to see. */
const shown = ({ id, secretDigest: _digest, ...rest }: ApiKey) => ({
  keyId: id,
  prefix: `stw_${id}_`,
  ...rest,
});

@ApiTags('API keys')
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly createKey: CreateApiKey,
    private readonly revokeKey: RevokeApiKey,
    private readonly rotateKey: RotateApiKey,
  ) {}

  @Post()
  @Can('create', 'ApiKey', { project: null })
  @ApiOperation({ summary: 'Makes an API key for a machine or for oneself; the secret is shown once' })
  create(@FromCaller() caller: Caller, @ZodBody(NewKey) body: z.output<typeof NewKey>) {
    const { principalId, project = null, expiresAt = null, scopes = null } = body;
    return this.createKey.create(caller, { principalId, project, expiresAt, scopes });
  }

  @Get()
  @Can('read', 'ApiKey', { project: null })
  @ApiOperation({ summary: 'API keys without their secrets' })
  async list(@ZodQuery(KeyPage) page: z.output<typeof KeyPage>) {
    const window = { limit: page.limit, after: page.after ?? null };
    const items = await this.keys.list(window, page.principalId ?? null);
    return { items: items.map(shown), next: items.length === page.limit ? items.at(-1)!.id : null };
  }

  @Get(':id')
  @Can('read', 'ApiKey', { project: null })
  @ApiOperation({ summary: 'An API key without its secret' })
  async get(@Param('id') id: string) {
    const key = await this.keys.find(id);
    if (!key) throw errors.notFound('GOVERNANCE.KEY_NOT_FOUND', 'There is no API key with this id.');
    return shown(key);
  }

  @Post(':id/rotate')
  @Can('create', 'ApiKey', { project: null })
  @ApiOperation({ summary: 'A new key for the same; the old one goes on for an overlap' })
  rotate(
    @FromCaller() caller: Caller,
    @Param('id') id: string,
    @ZodBody(Rotation) { overlapSeconds }: z.output<typeof Rotation>,
  ) {
    return this.rotateKey.rotate(caller, id, overlapSeconds);
  }

  @Delete(':id')
  @HttpCode(204)
  @Can('delete', 'ApiKey', { project: null })
  @ApiOperation({ summary: 'Ends an API key for good' })
  revoke(@FromCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    return this.revokeKey.revoke(caller, id);
  }
}
