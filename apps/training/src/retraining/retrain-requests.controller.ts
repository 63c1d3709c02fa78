import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can } from '@steward/access';
import { ZodQuery } from '@steward/service';
import { z } from 'zod';
import { explainRetrain } from './retrain-request';
import { RetrainRepository } from './retrain.repository';

const Page = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().min(1).max(200).optional(),
});

@ApiTags('Retraining')
@Controller('v1/projects/:project/retrain-requests')
export class RetrainRequestsController {
  constructor(private readonly retrains: RetrainRepository) {}

  @Get()
  @Can('read', 'Run')
  @ApiOperation({ summary: 'What monitors asked for, newest first, and what each request waits for' })
  async list(@Param('project') project: string, @ZodQuery(Page) page: z.output<typeof Page>) {
    const requests = await this.retrains.list(project, { limit: page.limit, after: page.after ?? null });
    const items = requests.map((request) => ({ ...request, explanation: explainRetrain(request) }));
    return { items, next: items.length === page.limit ? items.at(-1)!.retrainId : null };
  }
}
