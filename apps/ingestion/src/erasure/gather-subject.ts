import { Injectable } from '@nestjs/common';
import type { DatasetContract } from '@steward/contracts';
import { DeltaTables, SystemColumns, type DeltaRows } from '@steward/delta';
import { decisionsTable, heldTable, type HeldTable, type TaskSubject } from '@steward/subjects';
import { BatchRepository } from '../batches/batch.repository';
import { ReadContracts } from '../contracts/read-contracts';
import { PredictionRowRepository, type SubjectPrediction } from '../labelled/prediction-row.repository';
import { decryptIdentifier, SubjectVault, type ResolvedSubject } from '../subjects/subject-vault';

type Cell = string | number | boolean | null;

/** Gathers what ingestion holds on a subject: its rows, with its identifiers readable, and what was decided about it. */
@Injectable()
export class GatherSubject {
  constructor(
    private readonly vault: SubjectVault,
    private readonly batches: BatchRepository,
    private readonly contracts: ReadContracts,
    private readonly tables: DeltaTables,
    private readonly predictions: PredictionRowRepository,
  ) {}

  async execute({ project, pseudonym }: TaskSubject): Promise<HeldTable[]> {
    const subject = await this.vault.open(project, pseudonym);
    const predictions = await this.predictions.ofSubject(project, pseudonym);
    const tables: HeldTable[] = [
      heldTable(
        { name: 'identity', description: 'How you are known here.', origin: 'observed' },
        { pseudonym: 'The pseudonym under which your data are kept.', since: 'Since when (UTC).' },
        subject ? [{ pseudonym, since: subject.createdAt }] : [],
      ),
      decisionsTable(predictions.map(decisionOf)),
    ];
    for (const { project: of, dataset } of await this.batches.datasets()) {
      if (of !== project) continue;
      const rows = await this.rowsOf(project, dataset, subject, pseudonym);
      if (rows) tables.push(rows);
      const waiting = inputsOf(
        dataset,
        predictions.filter((each) => each.dataset === dataset && each.fields !== null),
      );
      if (waiting) tables.push(waiting);
    }
    return tables;
  }

  private async rowsOf(
    project: string,
    dataset: string,
    subject: ResolvedSubject | null,
    pseudonym: string,
  ): Promise<HeldTable | null> {
    const [newest] = await this.batches.versions(project, dataset, { limit: 1, after: null });
    if (!newest) return null;
    const { contract } = await this.contracts.current(project, dataset);
    const rows = await this.tables.read(newest.deltaPath, { version: newest.deltaVersion });
    const theirs = (rows.columns[SystemColumns.subject] ?? []).flatMap((held, at) =>
      held === pseudonym ? [at] : [],
    );
    if (theirs.length === 0) return null;
    return heldTable(
      {
        name: `rows-${dataset}`,
        description: `Your entries in the data set "${dataset}" (version ${newest.version}), from which models learn.`,
        origin: 'provided',
      },
      { ...columnTexts(contract), _batch: 'The delivery in which the entry came.' },
      theirs.map((at) => rowOf(contract, rows, at, subject)),
    );
  }
}

const CLASS_TEXTS = {
  identifier: 'Names you; kept encrypted.',
  sensitive: 'A protected attribute; used only to watch that decisions are fair.',
  feature: 'A fact that models may look at.',
  label: 'What became of it.',
  time: 'When it happened.',
} as const;

const columnTexts = (contract: DatasetContract): Record<string, string> =>
  Object.fromEntries(
    contract.columns.map(({ name, class: role }) => [name, `${name}: ${CLASS_TEXTS[role]}`]),
  );

function rowOf(
  contract: DatasetContract,
  rows: DeltaRows,
  at: number,
  subject: ResolvedSubject | null,
): Record<string, Cell> {
  const row: Record<string, Cell> = { _batch: rows.columns[SystemColumns.batch]?.[at] ?? null };
  for (const { name, class: role, type } of contract.columns) {
    const value = rows.columns[name]?.[at] ?? null;
    if (role === 'identifier')
      row[name] = subject && typeof value === 'string' ? decryptIdentifier(subject, name, value) : null;
    else
      row[name] = type === 'timestamp' && typeof value === 'number' ? new Date(value).toISOString() : value;
  }
  return row;
}

/** What callers sent for decisions whose outcome is not known yet; after that it is a row of the dataset. */
function inputsOf(dataset: string, predictions: readonly SubjectPrediction[]): HeldTable | null {
  if (predictions.length === 0) return null;
  const names = [...new Set(predictions.flatMap(({ fields }) => Object.keys(fields ?? {})))].filter(
    (name) => !name.startsWith('_steward'),
  );
  return heldTable(
    {
      name: `decided-on-${dataset}`,
      description: `What was sent for decisions about you (data set "${dataset}").`,
      origin: 'provided',
    },
    {
      prediction: 'Number of the decision.',
      ...Object.fromEntries(names.map((name) => [name, `${name}, as it was sent.`])),
    },
    predictions.map(({ predictionId, row, fields }) => ({ prediction: `${predictionId}/${row}`, ...fields })),
  );
}

const decisionOf = ({ predictionId, row, label, decision }: SubjectPrediction) => ({
  prediction: `${predictionId}/${row}`,
  decidedAt: decision?.predictedAt ?? null,
  model: decision?.model ?? null,
  modelVersion: decision?.modelVersion ?? null,
  score: decision?.score ?? null,
  decision: decision?.decided ?? null,
  outcome: label,
  askedBy: decision?.caller ?? null,
});
