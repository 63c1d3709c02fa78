import { z } from 'zod';
import { defineEvent } from '../event-definition';
import { field } from '../field';
import { Topics } from '../topics';

/** A monitor was made or changed. Key: `<project>/<monitor>`. */
export const MonitorChanged = defineEvent(
  'monitor.changed',
  Topics.monitor,
  z.object({
    monitor: field.name(),
    model: field.name(),
    monitorVersion: field.count(),
    digest: field.digest(),
    changedBy: field.id(),
  }),
);

export const WindowVerdicts = ['ok', 'alarm', 'not_enough_data'] as const;

/** A window was judged. Key: `<project>/<monitor>`. */
export const WindowJudged = defineEvent(
  'window.judged',
  Topics.window,
  z.object({
    windowId: field.id(),
    monitor: field.name(),
    model: field.name(),
    modelVersion: field.count(),
    modelDigest: field.digest(),
    referenceDigest: field.digest(),
    rows: field.count(),
    verdict: field.oneOf(WindowVerdicts),
    /** Worst first. `psi` against the current reference, `previousPsi` against the reference of the champion before. */
    columns: z.array(
      z.object({
        name: field.name(),
        psi: field.figure(),
        jensenShannon: field.figure(),
        pValue: field.figure(),
        drifted: field.flag(),
        previousPsi: field.figure().nullable(),
        previousDrifted: field.flag().nullable(),
      }),
    ),
    /** Artifact: JSON list of the prediction row ids (`<id>/<row>`) in the window. */
    membersDigest: field.digest(),
  }),
);

/**
 * The outcomes of a judged window's rows are known, all of them or as many as came in time. A figure or rate that could
 * not be measured is null; groups with fewer than 10 rows are left out. Key: `<project>/<monitor>`.
 */
export const WindowOutcomesJudged = defineEvent(
  'window.outcomes-judged',
  Topics.window,
  z.object({
    windowId: field.id(),
    monitor: field.name(),
    model: field.name(),
    modelVersion: field.count(),
    modelDigest: field.digest(),
    /** Rows whose outcome is known. */
    rows: field.count(),
    /** auc, accuracy, brier, logLoss, calibrationError, equalizedOddsDifference, demographicParityRatio. */
    figures: z.record(field.name(), field.figure().nullable()),
    /** `column=value` pairs of the sensitive columns, joined by `, `. */
    groups: z.array(
      z.object({
        group: field.code(),
        rows: field.count(),
        selectionRate: field.figure().nullable(),
        truePositiveRate: field.figure().nullable(),
        falsePositiveRate: field.figure().nullable(),
      }),
    ),
  }),
);

export const AlertKinds = ['drift', 'data_quality', 'performance', 'fairness'] as const;

const Alert = {
  alertId: field.id(),
  monitor: field.name(),
  kind: field.oneOf(AlertKinds),
  model: field.name(),
  modelVersion: field.count(),
  windowId: field.id(),
  /** What alarmed, worst first. */
  columns: z.array(field.name()),
};

/** Key: alert id. */
export const AlertRaised = defineEvent('alert.raised', Topics.alert, z.object(Alert));

/** A full window showed nothing any more. `windowId` is that window. Key: alert id. */
export const AlertResolved = defineEvent('alert.resolved', Topics.alert, z.object(Alert));

/** An alert asks for retraining. Key: `<project>/<model>`. */
export const RetrainRequested = defineEvent(
  'retrain.requested',
  Topics.retrain,
  z.object({
    retrainId: field.id(),
    alertId: field.id(),
    model: field.name(),
    modelVersion: field.count(),
    dataset: field.name(),
    windowId: field.id(),
    windowRows: field.count(),
    membersDigest: field.digest(),
    /** Training starts when this many labelled rows of the window are in a dataset version. */
    minimumLabelledRows: field.count(),
  }),
);
