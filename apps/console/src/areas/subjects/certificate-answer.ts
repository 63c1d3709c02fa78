import type { SignedAnswer } from '../audit/signed-document';

export const CERTIFICATE_KIND = 'steward-erasure-certificate/1';

/** What was destroyed where, and what stays until when, as governance signs it. */
export type CertificateAnswer = SignedAnswer<{
  readonly format: string;
  readonly requestId: string;
  readonly pseudonym: string;
  readonly completedAt: string;
  readonly services: readonly {
    readonly service: string;
    readonly destroyed: readonly {
      readonly store: string;
      readonly name: string;
      readonly items: number;
      readonly oldDigest: string | null;
      readonly newDigest: string | null;
    }[];
    readonly remaining: readonly {
      readonly name: string;
      readonly why: string;
      readonly until: string | null;
    }[];
  }[];
  readonly models: readonly { readonly model: string; readonly version: number }[];
  readonly note: string;
}>;
