import { createHmac } from 'node:crypto';
import { errors } from '@steward/kernel';
import type { Notification } from './notification';

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Where notifications go, as the settings say; undefined: nowhere. */
export interface WebhookSettings {
  readonly url: string;
  /** Shared with the receiver; 32 characters at least. */
  readonly secret: string;
}

/** Null: it may be used. Callers never name an address: it comes from the settings alone, encrypted or on this machine. */
export function webhookFault(url: string): string | null {
  const parsed = URL.parse(url);
  if (!parsed) return 'is no address';
  if (parsed.username !== '' || parsed.password !== '') return 'must hold no password: use the secret';
  if (parsed.protocol === 'https:') return null;
  return parsed.protocol === 'http:' && LOOPBACK.has(parsed.hostname)
    ? null
    : 'must be https, or http on this machine (127.0.0.1, [::1], localhost)';
}

/** Sends a notification. Throws a retriable AppError whose code says why not. Abstract class = injection token. */
export abstract class Webhook {
  /** Host and port of the receiver, for people; null: there is none. */
  abstract readonly host: string | null;
  abstract send(notification: Notification, now: number): Promise<void>;
}

/** What the receiver reads. No personal data: people by id, objects by id, names of models. */
export const bodyOf = ({ id, kind, stage, project, ...rest }: Notification): string =>
  JSON.stringify({
    type: `notification.${kind}.${stage}`,
    id,
    project,
    object: { kind, id: rest.objectId },
    summary: rest.summary,
    for: { roles: rest.roles, people: rest.people },
    page: rest.page,
    dueAt: rest.dueAt,
    createdAt: rest.createdAt,
  });

/** HMAC-SHA256 over id, time in seconds and body, as Standard Webhooks (standardwebhooks.com) has it. */
export const signatureOf = (secret: string, id: string, seconds: number, body: string): string =>
  `v1,${createHmac('sha256', secret).update(`${id}.${seconds}.${body}`).digest('base64')}`;

export function refusal(code: string, cause?: unknown) {
  return errors.unavailable(`WEBHOOK.${code}`, 'The webhook did not take the notification.', { cause });
}
