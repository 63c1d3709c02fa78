import { Problem, problemOf, sentenceOf, unreachable } from './problem';

describe('problemOf', () => {
  it('takes code, sentence and details from a problem document', () => {
    const body = JSON.stringify({ code: 'A.B', detail: 'So it is.', details: { retryAfterSeconds: 3 } });
    expect(problemOf(429, body)).toMatchObject({
      status: 429,
      code: 'A.B',
      message: 'So it is.',
      details: { retryAfterSeconds: 3 },
    });
  });

  it.each([
    [403, 'You may not do this.'],
    [418, 'The service answered with status 418.'],
  ])('says a sentence where the body of a %i says none', (status, sentence) => {
    for (const body of ['', '<html>no</html>', 'null', '{"detail":5,"details":7}'])
      expect(problemOf(status, body)).toMatchObject({
        message: sentence,
        code: `HTTP.${status}`,
        details: {},
      });
  });

  it('ends the session on 401 alone', () => {
    expect(problemOf(401, '').endsSession).toBe(true);
    expect(problemOf(403, '').endsSession).toBe(false);
    // A wrong password or code, asked for before a change.
    const wrong = JSON.stringify({ code: 'GOVERNANCE.LOGIN_FAILED', detail: 'User or password is wrong.' });
    expect(problemOf(401, wrong).endsSession).toBe(false);
    expect(problemOf(401, wrong.replace('GOVERNANCE', 'ACCESS')).endsSession).toBe(true);
    expect(unreachable().endsSession).toBe(false);
  });
});

it('says every error as a sentence', () => {
  expect(sentenceOf(new Problem(400, 'A', 'Not so.'))).toBe('Not so.');
  expect(sentenceOf('thrown text')).toBe('Something went wrong that has no name.');
});
