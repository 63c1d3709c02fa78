import { defineTelemetry } from '../event-definition';
import { OutcomeRecorded as OutcomeRecordedMessage } from '../generated/steward/telemetry/v1/telemetry';
import { predictionCodec } from '../prediction-codec';
import { Topics } from '../topics';

/** Predictions as they were answered. Key: prediction id. */
export const PredictionLogged = defineTelemetry('prediction.logged', Topics.prediction, predictionCodec);

/** What really happened. Key: prediction id. */
export const OutcomeRecorded = defineTelemetry('outcome.recorded', Topics.outcome, OutcomeRecordedMessage);
