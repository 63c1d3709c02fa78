import { route } from './gateway';

describe('route', () => {
  it.each([
    ['/ingestion/v1/projects', { service: 'ingestion', url: '/v1/projects' }],
    ['/training?x=1', { service: 'training', url: '/?x=1' }],
    ['/governance', { service: 'governance', url: '/' }],
    ['/v2/models/a.b/infer', { service: 'inference', url: '/v2/models/a.b/infer' }],
    ['/v1/models/a.b:predict', { service: 'inference', url: '/v1/models/a.b:predict' }],
    ['/.well-known/jwks.json', { service: 'governance', url: '/.well-known/jwks.json' }],
  ])('sends %s to its service', (url, expected) => {
    expect(route(url)).toEqual(expected);
  });

  it.each(['/', '/ingestionx/v1', '/v20/models', '/etc/passwd'])('knows nobody for %s', (url) => {
    expect(route(url)).toBeNull();
  });
});
