declare global {
  // Where get-nonce looks, by which the dialogs' scroll lock marks its style element.
  var __webpack_nonce__: string | undefined;
}

/** The nonce of this page: style elements that carry it are allowed by the content security policy. */
export function pageNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}

/** Gives the nonce to libraries that make style elements of their own. */
export function shareNonce(): void {
  globalThis.__webpack_nonce__ = pageNonce();
}
