import type { Problem } from '../api/problem';

/** What the login page asks for next. */
export type LoginStep =
  | { readonly kind: 'password' }
  | { readonly kind: 'code' }
  | { readonly kind: 'enrol'; readonly secret: string; readonly otpauthUri: string }
  | { readonly kind: 'new-password' };

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The step that a refusal of governance leads to; null: what was asked before is asked again. */
export function stepAfter({ code, details }: Problem): LoginStep | null {
  switch (code) {
    case 'GOVERNANCE.TOTP_REQUIRED':
    case 'GOVERNANCE.TOTP_WRONG':
      return { kind: 'code' };
    case 'GOVERNANCE.TOTP_ENROLMENT_REQUIRED':
      return { kind: 'enrol', secret: text(details.secret), otpauthUri: text(details.otpauthUri) };
    case 'GOVERNANCE.PASSWORD_CHANGE_REQUIRED':
      return { kind: 'new-password' };
    default:
      return null;
  }
}
