import { z } from 'zod';
import { defineEvent } from '../event-definition';
import { field } from '../field';
import { Services, type ServiceName } from '../services';
import { AuditNoteTopics, AuditTopics } from '../topics';

/** One entry of the audit log, before governance gives it its index. No free text, no address: their salted digests. */
export const AuditEntry = z.object({
  entryId: field.id(),
  service: field.oneOf(Services),
  project: field.name().nullable(),
  time: field.time(),
  /** Who: principal id and kind. */
  actor: z.object({ id: field.id(), kind: field.oneOf(['person', 'machine', 'service']) }),
  /** What: `dataset-version.create`, `alias.move`, `login.refuse` ... */
  action: field.code(),
  /** On what. */
  object: z.object({ kind: field.code(), id: field.id() }),
  outcome: field.oneOf(['done', 'refused']),
  correlation: field.id(),
  /** Why and from where: digest of (salt, text); the text itself is an audit note. Null where there is none. */
  noteDigest: field.digest().nullable(),
  /** Figures, digests, ids and codes that describe the change. */
  details: z.record(
    field.name(),
    z.union([field.code(), field.figure(), field.flag(), z.null().meta({ fieldClass: 'code' })]),
  ),
});
export type AuditEntry = z.output<typeof AuditEntry>;

/** The erasable part of an audit entry. `noteDigest` = SHA-256 of `salt`, line feed, canonical JSON of {reason, address}. */
export const AuditNote = z.object({
  entryId: field.id(),
  salt: field.digest(),
  reason: field.personal().nullable(),
  address: field.personal().nullable(),
});
export type AuditNote = z.output<typeof AuditNote>;

const each = <T>(make: (service: ServiceName) => T): Record<ServiceName, T> =>
  Object.fromEntries(Services.map((service) => [service, make(service)])) as Record<ServiceName, T>;

/** `audit.entry` on each service's own audit topic. Key: the service. */
export const AuditEntryRecorded = each((service) =>
  defineEvent('audit.entry', AuditTopics[service], AuditEntry),
);
export const AuditNoteRecorded = each((service) =>
  defineEvent('audit.note', AuditNoteTopics[service], AuditNote),
);
