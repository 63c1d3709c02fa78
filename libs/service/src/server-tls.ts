import { readFileSync } from 'node:fs';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContextOptions, type SecureVersion } from 'node:tls';
import { errors, sha256 } from '@steward/kernel';
import type { OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';

/** Where a service's certificate stands: PEM files. */
export interface TlsFiles {
  /** The certificate, its intermediates behind it. */
  readonly cert: string;
  /** Its private key, not encrypted. */
  readonly key: string;
  /** Authorities of client certificates: with them a caller without such a certificate is not heard (mTLS). */
  readonly clientCa: string | null;
}

/** How often the files are looked at. */
const LOOK_MS = 1_000;
const OLDEST: SecureVersion = 'TLSv1.2';

/** What does not change while a server lives. */
export interface FixedTlsOptions {
  readonly requestCert: boolean;
  readonly rejectUnauthorized: boolean;
  readonly minVersion: SecureVersion;
}

/**
 * The certificate of a service's servers, HTTP and gRPC. Read anew within a second when the files change, so that it
 * is renewed without a restart: connections that stand go on, new ones meet the new certificate. Files that do not
 * belong together (one was written, the other not yet) change nothing until they do. A client's certificate opens the
 * connection and no more: who calls is still said by token or API key.
 */
export class ServerTls implements OnModuleDestroy {
  readonly fixed: FixedTlsOptions;
  private readonly watchers = new Set<(options: SecureContextOptions) => void>();
  private seen: string;
  private options: SecureContextOptions;
  private timer: NodeJS.Timeout | undefined;
  private broken: string | null = null;

  private constructor(
    private readonly files: TlsFiles,
    private readonly logger: Logger,
  ) {
    const read = this.read();
    this.seen = read.digest;
    this.options = checked(read.options);
    const requestCert = files.clientCa !== null;
    this.fixed = { requestCert, rejectUnauthorized: requestCert, minVersion: OLDEST };
  }

  /** Reads the files; throws AppError `CONFIG.TLS_INVALID` that says which is at fault. */
  static open(files: TlsFiles, logger: Logger): ServerTls {
    const tls = new ServerTls(files, logger);
    tls.timer = setInterval(() => tls.look(), LOOK_MS);
    tls.timer.unref();
    return tls;
  }

  /** The certificate, key and authorities as they are now. */
  get current(): SecureContextOptions {
    return this.options;
  }

  /** Calls back with each renewal. */
  onRenewal(watcher: (options: SecureContextOptions) => void): void {
    this.watchers.add(watcher);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.watchers.clear();
  }

  private look(): void {
    try {
      const { digest, options } = this.read();
      if (digest === this.seen) return;
      const renewed = checked(options);
      this.seen = digest;
      this.options = renewed;
      this.broken = null;
      for (const watcher of this.watchers) watcher(renewed);
      this.logger.info({ validTo: validTo(options) }, 'The certificate of the servers was renewed.');
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (why !== this.broken)
        this.logger.error({ why }, 'The certificate files cannot be used; the certificate before goes on.');
      this.broken = why;
    }
  }

  private read(): { readonly digest: string; readonly options: PemOptions } {
    const { files } = this;
    const cert = readPem('certificate', files.cert);
    const key = readPem('private key', files.key);
    const ca = files.clientCa === null ? undefined : readPem('client authorities', files.clientCa);
    const digest = [cert, key, ca ?? ''].map((text) => sha256(text)).join();
    // Without authorities of its own a server would fall back to the public ones: it asks for no certificate then.
    return { digest, options: { cert, key, ...(ca === undefined ? {} : { ca }), minVersion: OLDEST } };
  }
}

interface PemOptions extends SecureContextOptions {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
}

const invalid = (message: string): Error => errors.invalid('CONFIG.TLS_INVALID', message);

function readPem(what: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw invalid(`The file of the ${what} cannot be read: ${(error as NodeJS.ErrnoException).code}.`);
  }
}

/** The options, once it is sure that OpenSSL takes them and that the key is the certificate's. */
function checked(options: PemOptions): SecureContextOptions {
  const certificate = parsed('certificate', () => new X509Certificate(options.cert));
  const key = parsed('private key', () => createPrivateKey(options.key));
  if (!certificate.checkPrivateKey(key)) throw invalid('The private key is not that of the certificate.');
  if (options.ca !== undefined) parsed('client authorities', () => new X509Certificate(options.ca!));
  parsed('certificate chain', () => createSecureContext(options));
  return options;
}

function parsed<Result>(what: string, parse: () => Result): Result {
  try {
    return parse();
  } catch {
    throw invalid(`The file of the ${what} holds none in PEM form.`);
  }
}

const validTo = ({ cert }: PemOptions): string => new X509Certificate(cert).validTo;
