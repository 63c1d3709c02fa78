import { RestInferShortcut } from './rest-infer.shortcut';
import { RestPredictShortcut } from './rest-predict.shortcut';

const shortcuts = [
  new RestInferShortcut({} as never, {} as never, {} as never),
  new RestPredictShortcut({} as never, {} as never, {} as never),
];
const take = (url: string, headers: Record<string, string> = {}, method = 'POST') =>
  shortcuts
    .map((shortcut) =>
      shortcut.take({ method, url, headers: { authorization: 'Bearer x', ...headers }, socket: {} }),
    )
    .find((taken) => taken !== null);

describe('the shortcut of predictions over REST', () => {
  it.each([
    ['/v2/models/lending.iris/infer', '/v2/models/:model/infer', { model: 'lending.iris' }],
    [
      '/v2/models/lending.iris/versions/3/infer',
      '/v2/models/:model/versions/:version/infer',
      { model: 'lending.iris', version: '3' },
    ],
    ['/v1/models/a.b:predict', '/v1/models/:model', { model: 'a.b' }],
    [
      '/v1/models/a.b/versions/3:predict',
      '/v1/models/:model/versions/:version',
      { model: 'a.b', version: '3' },
    ],
    ['/v1/models/a.b/labels/x:predict', '/v1/models/:model/labels/:label', { model: 'a.b', label: 'x' }],
  ])('takes %s', (url, route, parameters) => {
    const taken = take(url);
    expect(taken?.route).toBe(route);
    expect({ ...taken?.parameters }).toEqual(parameters);
  });

  it.each([
    ['/v2/models/lending.iris/infer?x=1'],
    ['/v2/models/lending.iris/infer/'],
    ['/v2/models/lending%2eiris/infer'],
    ['/v2/models//infer'],
    ['/v2/models/a/b/infer'],
    [`/v2/models/${'x'.repeat(201)}/infer`],
    ['/v2/models/a.b/ready'],
    ['/v2/repository/models/a.b/load'],
    ['/v1/models/a.b:classify'],
    ['/v1/models/a.b:predict:predict'],
    ['/V2/models/a.b/infer'],
    ['http://elsewhere/v2/models/a.b/infer'],
  ])('leaves %s to the application', (url) => expect(take(url)).toBeUndefined());

  it('leaves other methods, compressed bodies and callers without that header to the application', () => {
    const url = '/v2/models/a.b/infer';
    expect(take(url, {}, 'PUT')).toBeUndefined();
    expect(take(url, { 'content-encoding': 'gzip' })).toBeUndefined();
    expect(take(url, { authorization: undefined as never, 'x-api-key': 'x' })).toBeUndefined();
  });
});
