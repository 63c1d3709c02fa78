import { z } from 'zod';
import { defineEvent } from '../event-definition';
import { field } from '../field';
import { Topics } from '../topics';

/** What inference does with a model version. Key: `<project>/<model>`. */
export const DeploymentChanged = defineEvent(
  'deployment.changed',
  Topics.deployment,
  z.object({
    model: field.name(),
    version: field.count(),
    digest: field.digest(),
    alias: field.name(),
    state: field.oneOf(['serving', 'retired', 'refused']),
    failure: field.code().nullable(),
  }),
);
