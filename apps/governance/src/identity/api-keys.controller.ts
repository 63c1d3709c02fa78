import { Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { errors } from '@steward/kernel';
import { ZodBody, ZodQuery } from '@steward/service';
import { z } from 'zod';
import { CreateApiKey } from './create-api-key';
import { ApiKeyRepository, type ApiKey } from './identity.repository';
import { RevokeApiKey } from './revoke-api-key';

const NewKey = z.strictObject({
  principalId: z.string().min(1).max(200),
  project: z.string().min(1).max(63).nullish(),
  expiresAt: z.iso.datetime().nullish(),
});
const KeyPage = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().min(1).max(200).optional(),
  principalId: z.string().min(1).max(200).optional(),
});
/** All but the digest of the secret, which nobody needs to see. */
const shown = ({ id, principalId, project, state, expiresAt, createdBy, createdAt }: ApiKey) => ({
  keyId: id,
  principalId,
  project,
  state,
  expiresAt,
  createdBy,
  createdAt,
});

@ApiTags('API keys')
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly createKey: CreateApiKey,
    private readonly revokeKey: RevokeApiKey,
  ) {}

  @Post()
  @Can('create', 'ApiKey', { project: null })
  @ApiOperation({ summary: 'Makes an API key for a machine or for oneself; the secret is shown once' })
  create(@FromCaller() caller: Caller, @ZodBody(NewKey) body: z.output<typeof NewKey>) {
    const { principalId, project = null, expiresAt = null } = body;
    return this.createKey.create(caller, { principalId, project, expiresAt });
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

  @Delete(':id')
  @HttpCode(204)
  @Can('delete', 'ApiKey', { project: null })
  @ApiOperation({ summary: 'Ends an API key for good' })
  revoke(@FromCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    return this.revokeKey.revoke(caller, id);
  }
}
