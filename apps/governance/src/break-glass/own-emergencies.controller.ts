import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { FromCaller, SignedIn, type Caller } from '@steward/access';
import { EmergencyAccessRepository } from './emergency-access.repository';

const MOST = 50;

/** Whoever was told of an emergency finds it here, whatever project it is in. */
@ApiTags('Emergency access')
@Controller('v1/me')
export class OwnEmergenciesController {
  constructor(private readonly accesses: EmergencyAccessRepository) {}

  @Get('emergency-accesses')
  @SignedIn('Everybody may know which rights he took, and of what he was told.')
  @ApiOperation({
    summary: 'Emergency accesses that one holds, and those one was told of whose review is open',
  })
  async list(@FromCaller() { principal }: Caller) {
    return { items: await this.accesses.concerning(principal.id, MOST), next: null };
  }
}
