import { Problem } from '../api/problem';
import { stepAfter } from './login-steps';

const after = (code: string, details = {}) => stepAfter(new Problem(401, code, 'A sentence.', details));

it('leads through second factor, enrolment and a forced change of password', () => {
  expect(after('GOVERNANCE.LOGIN_FAILED')).toBeNull();
  expect(after('GOVERNANCE.TOTP_REQUIRED')).toEqual({ kind: 'code' });
  expect(after('GOVERNANCE.TOTP_WRONG')).toEqual({ kind: 'code' });
  expect(after('GOVERNANCE.TOTP_ENROLMENT_REQUIRED', { secret: 'S', otpauthUri: 'otpauth://x' })).toEqual({
    kind: 'enrol',
    secret: 'S',
    otpauthUri: 'otpauth://x',
  });
  expect(after('GOVERNANCE.TOTP_ENROLMENT_REQUIRED', { secret: 5 })).toMatchObject({ secret: '' });
  expect(after('GOVERNANCE.PASSWORD_CHANGE_REQUIRED')).toEqual({ kind: 'new-password' });
});
