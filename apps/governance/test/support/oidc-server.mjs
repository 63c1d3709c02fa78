// A real provider of identities (oidc-provider) as a process of its own. GET /become?account=&groups= says who logs in.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const [redirectUri] = process.argv.slice(2);
const people = new Map();
let current = 'nobody';

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'steward',
        client_secret: 'steward-secret',
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    pkce: { required: () => true },
    cookies: { keys: ['test'] },
    scopes: ['openid', 'profile', 'groups'],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], groups: ['groups'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: id, name: `Person ${id}`, groups: people.get(id) ?? [] }),
    }),
  });
  const answer = provider.callback();
  const interact = async (request, response) => {
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (prompt.name === 'login')
      return provider.interactionFinished(request, response, { login: { accountId: current } });
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
  };
  server.on('request', (request, response) => {
    const url = new URL(request.url, issuer);
    if (url.pathname === '/become') {
      current = url.searchParams.get('account');
      people.set(current, url.searchParams.getAll('group'));
      response.end();
    } else if (url.pathname.startsWith('/interaction/'))
      interact(request, response).catch((error) => response.writeHead(500).end(String(error)));
    else void answer(request, response);
  });
  process.send({ issuer });
});
process.on('disconnect', () => process.exit(0));
