import { GovernanceSettings, webhookOf } from './governance.config';

const parse = (settings: object) => webhookOf(GovernanceSettings.parse(settings));
const URL_TEXT = 'https://hooks.example.org/steward';
const SECRET = 's'.repeat(32);

describe('the webhook of the settings', () => {
  it('is none, or both address and secret', () => {
    expect(parse({})).toBeUndefined();
    expect(parse({ STEWARD_WEBHOOK_URL: URL_TEXT, STEWARD_WEBHOOK_SECRET: SECRET })).toEqual({
      url: URL_TEXT,
      secret: SECRET,
    });
    expect(() => parse({ STEWARD_WEBHOOK_URL: URL_TEXT })).toThrow(/go together/);
    expect(() => parse({ STEWARD_WEBHOOK_SECRET: SECRET })).toThrow(/go together/);
  });

  it('is refused where the address is not safe or the secret short, with the reason', () => {
    const url = GovernanceSettings.safeParse({
      STEWARD_WEBHOOK_URL: 'http://10.0.0.1/',
      STEWARD_WEBHOOK_SECRET: SECRET,
    });
    expect(url.error?.issues[0]?.message).toMatch(/must be https/);
    expect(GovernanceSettings.safeParse({ STEWARD_WEBHOOK_SECRET: 'short' }).success).toBe(false);
  });
});
