import { AppError } from '@steward/kernel';
import type { Notification } from './notification';
import { bodyOf, refusal, signatureOf, Webhook, webhookFault, type WebhookSettings } from './webhook';

const WAIT_MS = 10_000;

/** The webhook of the settings, over HTTP. */
export class HttpWebhook extends Webhook {
  readonly host: string | null;
  private readonly url: URL | null;
  private readonly secret: string;

  /** Throws an Error where the address may not be used. */
  constructor(settings: WebhookSettings | undefined) {
    super();
    const fault = settings ? webhookFault(settings.url) : null;
    if (fault !== null) throw new Error(`STEWARD_WEBHOOK_URL ${fault}.`);
    this.url = settings ? new URL(settings.url) : null;
    this.host = this.url?.host ?? null;
    this.secret = settings?.secret ?? '';
  }

  async send(notification: Notification, now: number): Promise<void> {
    if (!this.url) throw refusal('NONE');
    const body = bodyOf(notification);
    const seconds = Math.floor(now / 1_000);
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'webhook-id': notification.id,
          'webhook-timestamp': String(seconds),
          'webhook-signature': signatureOf(this.secret, notification.id, seconds, body),
        },
        // Where it goes is the operator's decision, not the answering server's.
        redirect: 'manual',
        signal: AbortSignal.timeout(WAIT_MS),
      });
      // What the receiver writes is of no interest, and may be endless.
      await response.body?.cancel();
      if (!response.ok) throw refusal(`STATUS_${response.status}`);
    } catch (cause) {
      throw AppError.is(cause) ? cause : refusal('UNREACHABLE', cause);
    }
  }
}
