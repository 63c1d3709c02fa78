import { inProject, pathWith, rememberCsrfToken, request, whenSessionEnds } from './request';

describe('paths', () => {
  it('leaves out what is empty', () => {
    expect(pathWith('/a', { x: 1, y: '', z: null, w: undefined, v: 'a b&c' })).toBe('/a?x=1&v=a+b%26c');
    expect(pathWith('/a')).toBe('/a');
  });

  it('escapes every part, so that a name never leads elsewhere', () => {
    expect(inProject('training', '../x', 'runs', '?a#b')).toBe('/training/v1/projects/..%2Fx/runs/%3Fa%23b');
  });
});

describe('request', () => {
  const fetched = jest.spyOn(globalThis, 'fetch');
  afterAll(() => fetched.mockRestore());

  const answers = (status: number, body: string) =>
    fetched.mockResolvedValueOnce(new Response(body === '' ? null : body, { status }));

  it('sends the token of the session with changes and not with reads', async () => {
    rememberCsrfToken('token');
    answers(200, '{"a":1}');
    await expect(request('GET', '/x')).resolves.toEqual({ a: 1 });
    expect(fetched.mock.lastCall?.[1]?.headers).not.toHaveProperty('x-csrf-token');
    answers(204, '');
    await expect(request('POST', '/x', { body: { b: 2 } })).resolves.toBeUndefined();
    expect(fetched.mock.lastCall?.[1]).toMatchObject({
      body: '{"b":2}',
      headers: { 'x-csrf-token': 'token', 'content-type': 'application/json' },
    });
    answers(200, '{}');
    await request('PUT', '/x', { body: 'a: 1', type: 'application/yaml' });
    expect(fetched.mock.lastCall?.[1]).toMatchObject({ body: 'a: 1' });
  });

  it('throws problems, and says so when the session is over', async () => {
    const ended = jest.fn();
    whenSessionEnds(ended);
    answers(403, '{"code":"ACCESS.NO","detail":"No."}');
    await expect(request('GET', '/x')).rejects.toMatchObject({ code: 'ACCESS.NO' });
    expect(ended).not.toHaveBeenCalled();
    answers(401, '{"code":"ACCESS.SESSION_REVOKED","detail":"Over."}');
    await expect(request('GET', '/x')).rejects.toMatchObject({ message: 'Over.' });
    expect(ended).toHaveBeenCalledTimes(1);
    fetched.mockRejectedValueOnce(new TypeError('network'));
    await expect(request('GET', '/x')).rejects.toMatchObject({ code: 'CONSOLE.UNREACHABLE' });
    answers(200, '<html>');
    await expect(request('GET', '/x')).rejects.toMatchObject({ code: 'CONSOLE.ANSWER_UNREADABLE' });
  });
});
