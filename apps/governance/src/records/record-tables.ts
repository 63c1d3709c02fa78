import type { ColumnType, JSONColumnType } from 'kysely';
import type { AssessmentBody, GeneratedPart } from '../impact-assessments/impact-assessment';
import type { EntryKind } from './processing-books';
import type { FactKind } from './processing-books.repository';

type Time = ColumnType<Date, string, string>;
type NullableTime = ColumnType<Date | null, string | null, string | null>;

/** Tables of the books of processing (migrations/0022), as Kysely sees them. */
export interface RecordTables {
  processing_entries: {
    project: string;
    kind: EntryKind;
    name: string;
    version: number;
    content: JSONColumnType<object>;
    changed_by: string;
    changed_at: Time;
  };
  processing_facts: {
    project: string;
    kind: FactKind;
    name: string;
    version: number;
    facts: JSONColumnType<Record<string, unknown>>;
    at: Time;
  };
  consent_events: {
    id: string;
    project: string;
    pseudonym: string;
    purpose: string;
    state: 'given' | 'withdrawn';
    text_version: number | null;
    text_digest: string | null;
    at: Time;
    recorded_at: Time;
    recorded_by: string;
  };
  impact_assessments: {
    project: string;
    model: string;
    version: number;
    body: JSONColumnType<AssessmentBody>;
    generated: JSONColumnType<GeneratedPart>;
    scope_digest: string;
    written_by: string;
    written_at: Time;
    signed_by: string | null;
    signed_at: NullableTime;
  };
}
