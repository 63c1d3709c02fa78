import { z } from 'zod';
import { DatasetContract } from '../dataset-contract';
import { defineEvent } from '../event-definition';
import { field } from '../field';
import { Topics } from '../topics';

/** A contract was registered or changed. Key: `<project>/<dataset>`. */
export const ContractRegistered = defineEvent(
  'contract.registered',
  Topics.contract,
  z.object({
    dataset: field.name(),
    contractVersion: field.count(),
    contractDigest: field.digest(),
    contract: DatasetContract,
    /** The person who registered it. */
    changedBy: field.id(),
  }),
);

/** A batch became an immutable dataset version. Key: `<project>/<dataset>`. */
export const DatasetVersionCreated = defineEvent(
  'dataset-version.created',
  Topics.datasetVersion,
  z.object({
    dataset: field.name(),
    version: field.count(),
    /** Over content alone, the same in every installation. */
    digest: field.digest(),
    contractVersion: field.count(),
    contractDigest: field.digest(),
    /** Folder of the Delta table in the artifact store, and its Delta version. */
    deltaPath: field.path(),
    deltaVersion: field.count(),
    /** Rows in the whole version, and how many of them came from joined outcomes. */
    rows: field.count(),
    labelledRows: field.count(),
    batch: z.object({
      number: field.count(),
      digest: field.digest(),
      source: field.oneOf(['upload', 'labelled', 'rectified']),
      read: field.count(),
      accepted: field.count(),
      quarantined: field.count(),
    }),
  }),
);

/** What a breach may have exposed, as far as ingestion holds it. Key: the breach. */
export const BreachExposed = defineEvent(
  'breach.exposed',
  Topics.breachExposure,
  z.object({
    breachId: field.id(),
    predictionRows: field.count(),
    datasetRows: field.count(),
    subjects: field.count(),
    /** Artifact: JSON list of the subjects' pseudonyms, in order. */
    subjectsDigest: field.digest(),
  }),
);
