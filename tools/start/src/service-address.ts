import { readFileSync } from 'node:fs';
import { Agent, request as httpsRequest } from 'node:https';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { ServiceName } from '@steward/contracts';

/** Where a service of this machine listens, and how to speak to it there. */
export interface ServiceAddress {
  /** `http://127.0.0.1:<port>`, or https. */
  readonly url: string;
  /** For https: trusts the service's certificate as it is now. */
  readonly agent?: Agent;
}

/**
 * The address of a service by the settings that it was started with. Where it has a certificate, exactly that one is
 * trusted, whatever names it holds and whoever issued it: the caller stands on the same machine and reads the same
 * file. Where it asks for client certificates, its own is shown, so its authority must be one of those.
 */
export function serviceAddress(
  service: ServiceName,
  port: number,
  environment: Readonly<Record<string, string | undefined>>,
): ServiceAddress {
  const file = (name: string): Buffer | undefined => {
    const path = environment[`STEWARD_${service.toUpperCase()}_TLS_${name}`];
    return path ? readFileSync(path) : undefined;
  };
  const cert = file('CERT');
  if (!cert) return { url: `http://127.0.0.1:${port}` };
  const trust = { ca: cert, allowPartialTrustChain: true, checkServerIdentity: () => undefined };
  // Made anew for each request: the certificate may have been renewed.
  const agent = new Agent({ keepAlive: false, cert, key: file('KEY'), ...trust });
  return { url: `https://127.0.0.1:${port}`, agent };
}

/** Asks a service by GET; resolves with the status and the text of the answer. */
export async function ask(
  { url, agent }: ServiceAddress,
  path: string,
): Promise<{ ok: boolean; text: string }> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const call = agent ? httpsRequest(url + path, { agent }, resolve) : httpRequest(url + path, resolve);
    call.on('error', reject);
    call.end();
  });
  let text = '';
  for await (const part of answer.setEncoding('utf8')) text += String(part);
  return { ok: answer.statusCode === 200, text };
}
