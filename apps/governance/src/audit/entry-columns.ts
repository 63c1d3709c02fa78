import type { AuditEntry } from '@steward/contracts';
import type { EntryColumns } from './audit-log.repository';

/** The searchable columns of an entry. The log itself holds its bytes; these only lead there. */
export function columnsOf(entry: AuditEntry): EntryColumns {
  return {
    entryId: columnText(entry.entryId),
    service: entry.service,
    project: entry.project === null ? null : columnText(entry.project),
    action: columnText(entry.action),
    actor: columnText(entry.actor.id),
    objectKind: columnText(entry.object.kind),
    objectId: columnText(entry.object.id),
    correlation: columnText(entry.correlation),
  };
}

/** PostgreSQL's text holds neither U+0000 nor half a surrogate pair; both become U+FFFD in the column. */
export function columnText(text: string): string {
  return Buffer.from(text.replaceAll('\0', '\uFFFD')).toString();
}
