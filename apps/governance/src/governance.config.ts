import { isName } from '@steward/kernel';
import { z } from 'zod';
import { webhookFault, type WebhookSettings } from './notifications/webhook';
import { OidcProvider } from './oidc/oidc-provider';

/** Not JSON: what is no list is refused by the schema that follows. */
function parseProviders(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Settings of governance beside the common ones. */
export const GovernanceSettings = z.object({
  STEWARD_ADMIN_PASSWORD: z
    .string()
    .min(12)
    .max(200)
    .meta({ secret: true })
    .optional()
    .describe('Password of the first administrator; a random one, shown once, where this is not set.'),
  STEWARD_AUDIT_WITNESS: z
    .string()
    .max(2_000)
    .optional()
    .describe(
      'Witness that cosigns the heads of the audit log (C2SP tlog-witness): its verifier key, a space, its URL.',
    ),
  STEWARD_ENVIRONMENT: z
    .string()
    .refine(isName, 'a name: lower-case letters, digits and hyphens')
    .default('production')
    .describe(
      'Which environment this installation is; approval policies are kept per alias and environment.',
    ),
  STEWARD_GOVERNANCE_PUBLIC_URL: z
    .url()
    .optional()
    .describe('Governance as browsers see it, say https://steward.example.org/governance; needed for OIDC.'),
  STEWARD_OIDC_PROVIDERS: z
    .string()
    .max(20_000)
    .meta({ secret: true })
    .transform(parseProviders)
    .pipe(z.array(OidcProvider).max(20))
    .default([])
    .describe(
      'Providers to log in with, a JSON list of {id, name, issuer, clientId, clientSecret?, scope?, groupsClaim?}.',
    ),
  STEWARD_WEBHOOK_URL: z
    .string()
    .max(2_000)
    .superRefine((url, context) => {
      const fault = webhookFault(url);
      if (fault !== null) context.addIssue({ code: 'custom', message: fault });
    })
    .optional()
    .describe(
      'Where notifications for people are posted (https, or http on this machine), signed after Standard Webhooks.',
    ),
  STEWARD_WEBHOOK_SECRET: z
    .string()
    .min(32)
    .max(500)
    .meta({ secret: true })
    .optional()
    .describe('The secret that the webhook’s signatures are made with; needed with its URL.'),
  STEWARD_GOVERNANCE_TOKEN_SECONDS: z.coerce
    .number()
    .int()
    .min(60)
    .max(86_400)
    .default(28_800)
    .describe('How long a login lasts. Revocation does not wait for it.'),
  STEWARD_GOVERNANCE_RETENTION_HOURS: z.coerce
    .number()
    .int()
    .min(1)
    .max(24 * 31)
    .default(24)
    .describe('Hours between two counts of what has outlived its time, for each project.'),
  STEWARD_GOVERNANCE_LOGIN_NOTE_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(36_500)
    .default(365)
    .describe(
      'Days that network addresses and reasons noted with logins and other entries of no project are kept.',
    ),
});
export type GovernanceSettings = z.output<typeof GovernanceSettings>;

/** Undefined: no webhook. Throws an Error that names what is missing where only one is set. */
export function webhookOf({
  STEWARD_WEBHOOK_URL: url,
  STEWARD_WEBHOOK_SECRET: secret,
}: GovernanceSettings): WebhookSettings | undefined {
  if (url === undefined && secret === undefined) return undefined;
  if (url === undefined || secret === undefined)
    throw new Error('STEWARD_WEBHOOK_URL and STEWARD_WEBHOOK_SECRET go together: set both or neither.');
  return { url, secret };
}
