import type { DatasetContract, PredictionLoggedMessage, TelemetryColumn } from '@steward/contracts';
import { isPseudonym } from '@steward/kernel';
import type { QuarantinedRow } from '../batches/batch-files';
import type { AcceptedRow } from '../batches/checked-batch';
import { RowChecker, type RowResult } from '../batches/row-checker';
import { RowDigester } from '../batches/row-digest';
import type { JoinedRow, PredictedDecision, PredictedRow } from './prediction-row.repository';

/** Under this name, which no contract can use, the moment of the prediction goes along with its values. */
const PREDICTED_AT = '_steward_predicted_at';
const MILLISECONDS = /^-?\d{1,16}$/;

/** The rows of a prediction event as texts by column, or what is wrong with the event. */
export function predictedRows(message: PredictionLoggedMessage): PredictedRow[] | { fault: string } {
  const columns = [...message.inputs, ...message.sensitive];
  const uneven = columns.find(
    ({ numbers, texts }) => Math.max(numbers.length, texts.length) !== message.rows,
  );
  if (uneven) return { fault: `column ${uneven.name} does not have ${message.rows} values` };
  if (message.subjects.length > 0 && message.subjects.length !== message.rows) {
    return { fault: `there are ${message.subjects.length} subjects for ${message.rows} rows` };
  }
  const readers = columns.map((column) => ({ name: column.name, textOf: textsOf(column) }));
  return Array.from({ length: message.rows }, (_, at) => {
    const fields: Record<string, string | null> = { [PREDICTED_AT]: String(message.timeMs) };
    for (const { name, textOf } of readers) fields[name] = textOf(at);
    const subject = message.subjects[at];
    const known = isPseudonym(subject) ? subject : null;
    return {
      row: message.firstRow + at,
      fields,
      subject: known,
      decision: decisionOf(message, at),
    };
  });
}

function decisionOf(message: PredictionLoggedMessage, at: number): PredictedDecision | null {
  const score = message.scores[at];
  const moment = new Date(message.timeMs);
  if (score === undefined || Number.isNaN(moment.getTime())) return null;
  return {
    model: message.model,
    modelVersion: message.modelVersion,
    score,
    decided: message.labels[at] ?? '',
    predictedAt: moment.toISOString(),
    caller: message.caller,
  };
}

/** JavaScript writes a number so that reading it gives the same number again. */
function textsOf({ numbers, texts, missing }: TelemetryColumn): (at: number) => string | null {
  if (numbers.length > 0) return (at) => (Number.isNaN(numbers[at]) ? null : String(numbers[at]));
  const absent = new Set(missing);
  return (at) => (absent.has(at) ? null : (texts[at] ?? null));
}

/** A joined row's fields in the order of the contract's columns, as an upload would have them. */
export function contractFields(contract: DatasetContract, joined: JoinedRow): (string | null)[] {
  return contract.columns.map(({ name, type, class: role }) => {
    if (role === 'identifier') return null;
    if (name === contract.label.column) return joined.label;
    const given = joined.fields[name] ?? (role === 'time' ? (joined.fields[PREDICTED_AT] ?? null) : null);
    return type === 'timestamp' && given !== null ? isoOf(given) : given;
  });
}

/** Telemetry carries times as milliseconds. */
function isoOf(text: string): string {
  if (!MILLISECONDS.test(text)) return text;
  const moment = new Date(Number(text));
  return Number.isNaN(moment.getTime()) ? text : moment.toISOString();
}

export interface JudgedLabelledRows {
  readonly accepted: readonly AcceptedRow[];
  readonly quarantined: readonly QuarantinedRow[];
  /** Digests of the accepted rows, in their order. */
  readonly digests: readonly string[];
}

interface Candidate {
  readonly joined: JoinedRow;
  readonly fields: readonly (string | null)[];
  readonly digest: string;
}

/**
 * Orders joined rows by the digest of their contract values, which is also their row key, and checks them against the
 * contract as an upload's are, but for the identifiers, which they do not have: in the key their pseudonym stands, or
 * the prediction row where there is none. Rows with a broken value come last.
 *
 * @param known pseudonyms of the project's subjects; others are not kept
 */
export function judgeLabelledRows(
  contract: DatasetContract,
  rows: readonly JoinedRow[],
  known: ReadonlySet<string>,
): JudgedLabelledRows {
  const { sound, broken } = sortOut(contract, rows);
  sound.sort(
    (left, right) => compare(left.digest, right.digest) || compare(nameOf(left.joined), nameOf(right.joined)),
  );
  const checker = new RowChecker(contract);
  const accepted: AcceptedRow[] = [];
  const quarantined: QuarantinedRow[] = [];
  for (const [at, { joined, fields, digest }] of sound.entries()) {
    const subject = joined.subject !== null && known.has(joined.subject) ? joined.subject : null;
    const result = checker.check(fields, subject ?? nameOf(joined));
    const row = at + 1;
    if ('values' in result) {
      accepted.push({ row, rowKey: digest, values: result.values, subject, prediction: nameOf(joined) });
    } else
      quarantined.push({
        row,
        line: null,
        ...result,
        ...(joined.subject === null ? {} : { subject: joined.subject }),
      });
  }
  for (const [at, refusal] of broken.entries()) {
    quarantined.push({ row: sound.length + at + 1, line: null, ...refusal });
  }
  return { accepted, quarantined, digests: accepted.map((row) => row.rowKey) };
}

type Refusal = Exclude<RowResult, { readonly values: unknown }>;

/** The key is judged only once the rows are in order, so that it does not matter how they came. */
function sortOut(
  contract: DatasetContract,
  rows: readonly JoinedRow[],
): { sound: Candidate[]; broken: Refusal[] } {
  const checker = new RowChecker({ ...contract, key: [] });
  const digester = new RowDigester(contract);
  const sound: Candidate[] = [];
  const broken: Refusal[] = [];
  for (const joined of rows) {
    const fields = contractFields(contract, joined);
    const result = checker.check(fields, nameOf(joined));
    if ('values' in result)
      sound.push({ joined, fields, digest: digester.digest(result.values).toString('hex') });
    else broken.push(result);
  }
  return { sound, broken };
}

/** What `_steward_prediction` holds. */
const nameOf = ({ predictionId, row }: Pick<JoinedRow, 'predictionId' | 'row'>): string =>
  `${predictionId}/${row}`;

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
