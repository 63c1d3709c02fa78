import { startConfig } from './start.config';

describe('startConfig', () => {
  it('needs nothing on the embedded defaults', () => {
    expect(startConfig({})).toMatchObject({ eventBus: 'postgres', ownerUrl: undefined, port: undefined });
  });

  it('names all faults together', () => {
    expect(() =>
      startConfig({ STEWARD_PORT: 'x', STEWARD_EVENT_BUS: 'kafka', STEWARD_DATABASE_URL: 'postgres://o' }),
    ).toThrow(
      /STEWARD_PORT.*STEWARD_KAFKA_BROKERS.*STEWARD_INGESTION_DATABASE_URL.*STEWARD_GOVERNANCE_DATABASE_URL/,
    );
  });
});
