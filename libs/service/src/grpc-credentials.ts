import { ServerCredentials } from '@grpc/grpc-js';
import type { ServerTls } from './server-tls';

/** Credentials of the gRPC server whose certificate is renewed while it listens; `createSsl` has no such thing. */
class RenewedCredentials extends ServerCredentials {
  constructor(tls: ServerTls) {
    super({ ...tls.fixed }, tls.current);
    tls.onRenewal((options) => this.updateSecureContextOptions(options));
  }

  _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}

/** TLS where there is a certificate, plain text where there is none. */
export const grpcCredentials = (tls: ServerTls | null): ServerCredentials =>
  tls ? new RenewedCredentials(tls) : ServerCredentials.createInsecure();
