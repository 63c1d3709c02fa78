import { areTrailers, requestHeaders } from './request-headers';

const REQUEST = [':method', 'POST', ':scheme', 'http', ':path', '/a.B/C', ':authority', 'here'];
const read = (...more: readonly string[]): unknown => requestHeaders([...REQUEST, ...more])?.headers;

describe('requestHeaders', () => {
  it('gives headers by name, and no length where none is said', () => {
    expect(requestHeaders([...REQUEST, 'te', 'trailers', 'x-a', ''])).toEqual({
      headers: {
        ':method': 'POST',
        ':scheme': 'http',
        ':path': '/a.B/C',
        ':authority': 'here',
        te: 'trailers',
        'x-a': '',
      },
      bytes: -1,
    });
  });

  it('reads the length of the body', () => {
    expect(requestHeaders([...REQUEST, 'content-length', '0'])?.bytes).toBe(0);
    expect(requestHeaders([...REQUEST, 'content-length', '0012'])?.bytes).toBe(12);
    expect(requestHeaders([...REQUEST, 'content-length', '7', 'content-length', '7'])?.bytes).toBe(7);
    for (const wrong of ['', '-1', '+1', '1.0', '1e3', '0x10', '9'.repeat(16), '1,1'])
      expect(requestHeaders([...REQUEST, 'content-length', wrong])).toBeNull();
    expect(requestHeaders([...REQUEST, 'content-length', '7', 'content-length', '8'])).toBeNull();
  });

  it('joins what comes more than once as node:http2 does', () => {
    expect(read('x-a', '1', 'x-a', '2', 'x-a', '3')).toMatchObject({ 'x-a': '1, 2, 3' });
    expect(read('cookie', 'a=1', 'cookie', 'b=2')).toMatchObject({ cookie: 'a=1; b=2' });
    expect(read('user-agent', 'first', 'user-agent', 'second')).toMatchObject({ 'user-agent': 'first' });
  });

  it.each([
    ['an unknown pseudo-header', [':x', '1', ...REQUEST]],
    ['one of answers', [':status', '200', ...REQUEST]],
    ['one twice', [':method', 'POST', ...REQUEST]],
    ['one behind the others', ['x-a', '1', ...REQUEST]],
    ['no method', REQUEST.slice(2)],
    ['an empty path', [...REQUEST.slice(0, 5), '', ...REQUEST.slice(6)]],
    ['nothing', []],
    ['a name in upper case', [...REQUEST, 'X-a', '1']],
    ['a name with a space', [...REQUEST, 'x a', '1']],
    ['a name beyond ASCII', [...REQUEST, 'x-\u00e4', '1']],
    ['an empty name', [...REQUEST, '', '1']],
    ['a header of the connection', [...REQUEST, 'connection', 'close']],
    ['another te', [...REQUEST, 'te', 'gzip']],
    ['a NUL', [...REQUEST, 'x-a', '1\0']],
    ['a new line', [...REQUEST, 'x-a', '1\n2']],
    ['a space in front of a value', [...REQUEST, 'x-a', ' 1']],
    ['a tab behind a value', [...REQUEST, 'x-a', '1\t']],
    ['a path with a new line', [...REQUEST.slice(0, 5), '/a\r\nb', ...REQUEST.slice(6)]],
  ])('refuses %s', (_name, list) => {
    expect(requestHeaders(list)).toBeNull();
    // And remembers it so.
    expect(requestHeaders(list)).toBeNull();
  });

  it('takes names that objects have of themselves, and values beyond ASCII', () => {
    expect(read('__proto__', 'a', 'constructor', 'b', 'to-string', '\u00e4 b')).toMatchObject({
      constructor: 'b',
      'to-string': '\u00e4 b',
    });
    expect(Object.getPrototypeOf(read('__proto__', 'a'))).toBeNull();
  });

  it('gives the very same for the very same list', () => {
    const list = [...REQUEST, 'x-a', '1'];
    expect(requestHeaders(list)).toBe(requestHeaders(list));
  });
});

describe('areTrailers', () => {
  it('knows what may stand behind a body', () => {
    expect(areTrailers([])).toBe(true);
    expect(areTrailers(['grpc-status', '0', 'x-a', ''])).toBe(true);
    for (const wrong of [
      [':path', '/'],
      ['X-A', '1'],
      ['', '1'],
      ['x-a', '1\n'],
      ['x-a', ' 1'],
      ['upgrade', 'h2c'],
      ['te', 'gzip'],
    ])
      expect(areTrailers(['x-b', '2', ...wrong])).toBe(false);
  });
});
