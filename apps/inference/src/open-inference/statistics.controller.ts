import { Controller, Get, Param, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { AnswerInference } from '../infer/answer-inference';
import { ModelStatistics } from '../infer/model-statistics';
import { OpenInferenceErrorFilter } from '../infer/protocol-error.filter';
import { statisticsJson } from './statistics-answer';

/** Triton's statistics extension. */
@ApiTags('Open Inference Protocol')
@Controller('v2/models')
@UseFilters(OpenInferenceErrorFilter)
export class StatisticsController {
  constructor(
    private readonly inference: AnswerInference,
    private readonly statistics: ModelStatistics,
  ) {}

  @Get('stats')
  @Can('predict', 'Deployment', { anyProject: true })
  @ApiOperation({ summary: 'What this process answered, of every model that the caller may use' })
  all(@FromCaller() caller: Caller) {
    return { model_stats: this.inference.usable(caller).map((name) => this.statisticsOf(caller, name)) };
  }

  @Get([':model/stats', ':model/versions/:version/stats'])
  @Can('predict', 'Deployment', { anyProject: true })
  @ApiOperation({ summary: 'What this process answered of a model' })
  one(@FromCaller() caller: Caller, @Param('model') model: string, @Param('version') version?: string) {
    return { model_stats: [this.statisticsOf(caller, model, version)] };
  }

  private statisticsOf(caller: Caller, name: string, version?: string): unknown {
    const { descriptor } = this.inference.describe(caller, name, { version });
    return statisticsJson(this.statistics.of(name, descriptor.version));
  }
}
