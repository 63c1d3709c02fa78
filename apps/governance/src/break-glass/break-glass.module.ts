import type { ModuleMetadata } from '@nestjs/common';
import { AnnounceEmergency } from './announce-emergency';
import { EmergencyAccessRepository } from './emergency-access.repository';
import { EmergencyController } from './emergency.controller';
import { EmergencyMetrics } from './emergency.metrics';
import { EndEmergency } from './end-emergency';
import { OpenEmergency } from './open-emergency';
import { OwnEmergenciesController } from './own-emergencies.controller';
import { PgEmergencyAccessRepository } from './pg-emergency-access.repository';
import { SignEmergency } from './sign-emergency';

/** Emergency access: the part of the application's module that is its own. */
export const BreakGlass = {
  controllers: [EmergencyController, OwnEmergenciesController],
  providers: [
    { provide: EmergencyAccessRepository, useClass: PgEmergencyAccessRepository },
    AnnounceEmergency,
    OpenEmergency,
    EndEmergency,
    SignEmergency,
    EmergencyMetrics,
  ],
} satisfies ModuleMetadata;
