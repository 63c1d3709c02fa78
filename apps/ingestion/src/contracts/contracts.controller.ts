import { Body, Controller, Get, HttpCode, Put } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import { Access, Can, FromCaller, type Caller } from '@steward/access';
import { DatasetContract } from '@steward/contracts';
import { openApiSchema, ZodParams, ZodQuery } from '@steward/service';
import type { z } from 'zod';
import { DatasetRoute, PageQuery, ProjectRoute } from '../route-names';
import type { ContractVersion } from './contract.repository';
import { ReadContracts } from './read-contracts';
import { RegisterContract } from './register-contract';

@ApiTags('datasets')
@Controller('v1/projects/:project/datasets')
export class ContractsController {
  constructor(
    private readonly register: RegisterContract,
    private readonly read: ReadContracts,
    private readonly access: Access,
  ) {}

  @Get()
  @Can('read', 'Dataset', { refined: true })
  async list(
    @FromCaller() { principal }: Caller,
    @ZodParams(ProjectRoute) { project }: z.output<typeof ProjectRoute>,
    @ZodQuery(PageQuery) page: z.output<typeof PageQuery>,
  ) {
    const found = await this.read.datasets(project, { limit: page.limit, after: page.after ?? null });
    const items = found.filter(({ name: dataset }) =>
      this.access.can(principal, 'read', 'Dataset', { project, dataset }),
    );
    return { items, next: found.length === page.limit ? (found.at(-1)?.name ?? null) : null };
  }

  @Put(':dataset/contract')
  @HttpCode(200)
  @Can('create', 'Contract')
  @ApiConsumes('application/json', 'application/yaml')
  @ApiBody({ schema: openApiSchema(DatasetContract) })
  async put(
    @FromCaller() caller: Caller,
    @ZodParams(DatasetRoute) { project, dataset }: z.output<typeof DatasetRoute>,
    @Body() document: unknown,
  ) {
    const { version, created } = await this.register.execute(caller, project, dataset, document);
    return { ...shown(version), created };
  }

  @Get(':dataset/contract')
  @Can('read', 'Contract')
  async get(@ZodParams(DatasetRoute) { project, dataset }: z.output<typeof DatasetRoute>) {
    return shown(await this.read.current(project, dataset));
  }
}

const shown = ({ dataset, version, digest, contract, changedBy, createdAt }: ContractVersion) => ({
  dataset,
  version,
  digest,
  contract,
  changedBy,
  createdAt,
});
