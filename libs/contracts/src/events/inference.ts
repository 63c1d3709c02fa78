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

/** Decisions of one request that wait for a person (GDPR Art. 22). Key: the prediction's id. */
export const DecisionHeld = defineEvent(
  'decision.held',
  Topics.decision,
  z.object({
    predictionId: field.id(),
    model: field.name(),
    version: field.count(),
    digest: field.digest(),
    /** [negative, positive]. */
    classes: z.array(field.name()),
    policyVersion: field.count(),
    rows: z.array(
      z.object({
        row: field.count(),
        pseudonym: field.pseudonym().nullable(),
        /** What the model would have decided, and the probability of the positive class. */
        label: field.name(),
        score: field.figure(),
        because: field.oneOf(['label', 'band']),
      }),
    ),
  }),
);
