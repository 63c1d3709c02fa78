/** The nonce of this page: style elements that carry it are allowed by the content security policy. */
export function pageNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}
