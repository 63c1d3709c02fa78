import type { ColumnType, Generated } from 'kysely';

type Json<T> = ColumnType<T, string, string>;
type Inference = 'allowed' | 'person' | 'refused';

/** The tables that every participating service has in its schema (migration `*_subjects.sql` of each). */
export interface SubjectTables {
  subject_tasks: {
    id: string;
    kind: 'erase' | 'gather';
    project: string;
    pseudonym: string;
    recipient_key: string | null;
    payload: Json<Record<string, unknown>>;
    note: ColumnType<Record<string, unknown> | null, string | null | undefined, string | null>;
    state: 'waiting' | 'done';
    failure: string | null;
    actor: string;
    correlation: string;
    created_at: Generated<Date>;
    done_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  };
  subject_parts: {
    task_id: string;
    store: string;
    name: string;
    old_digest: string | null;
    new_digest: string | null;
    items: number;
    recorded_at: Generated<Date>;
  };
  erased_subjects: { project: string; pseudonym: string; request_id: string; erased_at: Generated<Date> };
  subject_processing: {
    project: string;
    pseudonym: string;
    training: boolean;
    inference: Inference;
    because: Json<string[]>;
    sequence: Generated<string>;
    changed_at: Generated<Date>;
  };
}
