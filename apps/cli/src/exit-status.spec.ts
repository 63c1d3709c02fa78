import { FakeSteward, problem } from './fake-steward.factory';

const ID = '01a208bf-747d-7472-9223-bd2f30d4e171';

describe('exit status', () => {
  let steward: FakeSteward;
  beforeEach(async () => {
    steward = await FakeSteward.start();
  });
  afterEach(() => steward.stop());

  it('is 2 for a command that was written wrongly', async () => {
    for (const args of [
      ['frobnicate'],
      ['ingest', 'x.csv'],
      ['train'],
      ['runs', '--limit', '0'],
      ['approve', ID, '--reject'],
      ['predict', 'm'],
      ['audit', 'verify', 'x.ndjson'],
    ]) {
      const { exitCode, output, errors } = await steward.run(args);
      expect({ args, exitCode, output }).toEqual({ args, exitCode: 2, output: '' });
      expect(errors).not.toBe('');
    }
    expect(steward.requests).toHaveLength(0);
  });

  it('is 3 where nothing answers, and says what to do', async () => {
    const { exitCode, errors } = await steward.run(['runs'], {
      environment: { STEWARD_URL: 'http://127.0.0.1:1' },
    });
    expect(exitCode).toBe(3);
    expect(errors).toContain('npm start');
    expect(errors).toContain('STEWARD_URL');
  });

  it('is 1 for a refusal, told in the sentence of the service', async () => {
    steward.on(
      'GET /training/v1/projects/lending/runs',
      problem(403, 'ACCESS.FORBIDDEN', 'You may not read runs.'),
    );
    const { exitCode, output, errors } = await steward.run(['runs']);
    expect([exitCode, output]).toEqual([1, '']);
    expect(errors).toContain('You may not read runs. (ACCESS.FORBIDDEN)');
  });

  it('tells errors as JSON on the error output where JSON was asked for', async () => {
    steward.on('GET /training/v1/projects/lending/runs', problem(404, 'X.Y', 'No.\u001b[2J'));
    const { output, errors } = await steward.run(['runs', '--json']);
    expect(output).toBe('');
    expect(JSON.parse(errors)).toMatchObject({ error: { code: 'X.Y', message: 'No.\u001b[2J' } });
    expect(errors).not.toContain('\u001b');
  });

  it('is 0 for help', async () => {
    expect(await steward.run(['--help'])).toMatchObject({ exitCode: 0 });
    expect((await steward.run(['help', 'ingest'])).output).toContain('--dataset');
  });
});
