import { defineTelemetry } from '../event-definition';
import {
  OutcomeRecorded as OutcomeRecordedMessage,
  PredictionLogged as PredictionLoggedMessage,
} from '../generated/steward/telemetry/v1/telemetry';
import { Topics } from '../topics';

/** Predictions as they were answered. Key: prediction id. */
export const PredictionLogged = defineTelemetry(
  'prediction.logged',
  Topics.prediction,
  PredictionLoggedMessage,
);

/** What really happened. Key: prediction id. */
export const OutcomeRecorded = defineTelemetry('outcome.recorded', Topics.outcome, OutcomeRecordedMessage);
