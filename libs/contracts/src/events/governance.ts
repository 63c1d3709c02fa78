import { z } from 'zod';
import { defineEvent } from '../event-definition';
import { field } from '../field';
import { Topics } from '../topics';

/** Governance decided on an approval request. Key: `<project>/<model>`. */
export const ApprovalDecided = defineEvent(
  'approval.decided',
  Topics.approval,
  z.object({
    requestId: field.id(),
    decision: field.oneOf(['granted', 'rejected', 'expired']),
    model: field.name(),
    version: field.count(),
    digest: field.digest(),
    alias: field.name(),
    replaces: field.digest().nullable(),
    approvers: z.array(field.id()),
    waivers: z.array(z.object({ gate: field.code(), person: field.id() })),
  }),
);

export const ProjectChanged = defineEvent(
  'project.changed',
  Topics.policy,
  z.object({ projectId: field.name(), state: field.oneOf(['active', 'archived']) }),
);

/** A principal's state and roles, whole. `project: null` binds a role in every project. */
export const PrincipalChanged = defineEvent(
  'principal.changed',
  Topics.policy,
  z.object({
    principalId: field.id(),
    kind: field.oneOf(['person', 'machine', 'service']),
    state: field.oneOf(['active', 'disabled']),
    roles: z.array(z.object({ role: field.name(), project: field.name().nullable() })),
    /** Tokens issued before this moment are refused. */
    tokensNotBefore: field.time().nullable(),
  }),
);

export const ApiKeyChanged = defineEvent(
  'api-key.changed',
  Topics.policy,
  z.object({
    keyId: field.id(),
    /** SHA-256 of the secret, which has 256 random bits. */
    secretDigest: field.digest(),
    principalId: field.id(),
    state: field.oneOf(['active', 'revoked']),
    expiresAt: field.time().nullable(),
    /** Null: all that the principal may. Else only in this project. */
    project: field.name().nullable(),
  }),
);

/** CASL rules of a role, as data. Built-in roles are published too, so that all services hold one list. */
export const RoleChanged = defineEvent(
  'role.changed',
  Topics.policy,
  z.object({
    role: field.name(),
    roleVersion: field.count(),
    rules: z.array(
      z.object({
        action: z.array(field.code()),
        subject: z.array(field.code()),
        /** CASL conditions over the subject's fields: equality or `{ $in: [...] }`, `{ $ne: ... }`. */
        conditions: z
          .record(
            field.name(),
            z.union([field.name(), z.record(field.code(), z.union([field.name(), z.array(field.name())]))]),
          )
          .optional(),
        inverted: field.flag().optional(),
      }),
    ),
  }),
);

export const SigningKeyPublished = defineEvent(
  'signing-key.published',
  Topics.policy,
  z.object({
    keyId: field.id(),
    /** JWK of an Ed25519 public key: kty OKP, crv Ed25519, x. */
    publicKey: field.publicKey(),
    state: field.oneOf(['active', 'retired']),
  }),
);

/** Every 5 s. A service that has not seen one for 60 s refuses what changes state. */
export const PolicyHeartbeat = defineEvent(
  'policy.heartbeat',
  Topics.policy,
  z.object({ beat: field.count() }),
);
