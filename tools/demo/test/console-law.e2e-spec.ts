import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StewardClient, type InferenceClient } from '@steward/client';
import { EmbeddedPostgres } from '@steward/database';
import type { Platform } from '@steward/start';
import { Client } from 'pg';
import type { Browser, Locator } from 'playwright-core';
import type { DemoContext } from '../src/demo-context';
import { demoOptions } from '../src/demo-options';
import { applications, exampleText, requestColumns } from '../src/lending-data';
import { approveAndServe } from '../src/steps/approve';
import { uploadInitial } from '../src/steps/ingest';
import { people } from '../src/steps/people';
import { trainPipeline, waitForRun } from '../src/steps/train';
import { until } from '../src/until';
import { describeInChromium, launchChromium, PersonAtBrowser } from './support/chromium';
import { examinePage, type ConsolePage } from './support/console-pages';
import { picturesFolder, startPlatform } from './support/console-platform';

const PASSWORD = 'a-long-enough-password';
/** What a browser must never take for markup, in every field that takes free text. */
const HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}';
const STRANGER = `sub_${'0123456789abcdef'.repeat(2)}`;
const WRONG_PURPOSE = `title: Credit decisions
description: Whether an application for a loan is granted.
lawfulBasis:
  article: z
  grounds: short
`;
const PURPOSE = `title: Credit decisions
description: Whether an application for a loan is granted. ${JSON.stringify(HOSTILE).slice(1, -1)}
lawfulBasis:
  article: b
  grounds: Steps at the request of the applicant before a contract.
specialCategories:
  - { category: racial-or-ethnic-origin, condition: g, grounds: Measured for fairness alone. }
subjectCategories: [applicants]
recipients:
  - { name: Scoring Ltd, kind: processor, country: Ireland }
transfers:
  - { country: Japan, recipient: Archive KK, safeguard: adequacy, reference: Decision 2019/419 }
retention:
  - { class: prediction-rows, days: 30 }
consentTexts:
  - { version: 1, text: I agree that my application is scored. }
automatedDecisions: true
`;
const WRONG_PLAN = 'sticky: subject\ncanary:\n  steps:\n    - 50\n    - 200\n';
const PLAN = `canary:
  steps: [50]
  gates:
    errors: { minimum: 100000 }
    agreement: { minimum: 100000 }
`;

const COMPARED = `arms: [{ alias: canary, percent: 50 }]
shadow: { alias: canary }
`;
const RETENTION = `rules: [{ class: quarantine, dataset: null, days: 10 }]
unattended: []
`;
/** A logistic model of pirat and lvrat, made elsewhere. */
const ONNX =
  'CAgSCWVsc2V3aGVyZRoBMTqiAQoUCgFYCgFXEgFwGgFwIgZNYXRNdWwKEQoBcAoBQhIBcxoBcyIDQWRkChoKAXMSBXNjb3JlGgVzY29yZSIHU2lnbW9pZBIBZyoTCAIIARABQgFXSggAAEBAAAAAwCoNCAEQAUIBQkoEzczMPVoXCgFYEhIKEAgBEgwKBhIEcm93cwoCCAJiGwoFc2NvcmUSEgoQCAESDAoGEgRyb3dzCgIIAUICEBE=';
const SIGNATURE = {
  dataset: 'applications',
  inputs: ['pirat', 'lvrat'],
  feed: 'tensor',
  output: 'score',
  form: 'score',
};

describeInChromium('the console of data protection and deployments', () => {
  let dataDir: string;
  let pictures: string;
  let platform: Platform;
  let browser: Browser;
  let context: DemoContext;
  let inference: InferenceClient;
  let project: string;
  let officer: PersonAtBrowser;
  let engineer: PersonAtBrowser;
  let reviewer: PersonAtBrowser;
  let second: PersonAtBrowser;
  const extra: PersonAtBrowser[] = [];
  /** Addresses of a run of retention and of an explanation, for the pictures. */
  let run = '';
  let prediction = '';

  const at = (path = ''): string => `/projects/${project}${path}`;
  const main = ({ page }: PersonAtBrowser): Locator => page.getByRole('main');
  const link = (person: PersonAtBrowser, name: string | RegExp): Locator =>
    main(person).getByRole('link', { name }).first();
  const says = (person: PersonAtBrowser, text: string | RegExp): Promise<void> =>
    main(person).getByText(text).first().waitFor();

  /** Rows of the calm file as the program sends them, with their subjects. */
  async function predict(from: number, rows: number): Promise<void> {
    const some = applications('calm').slice(from, from + rows);
    const { pseudonyms } = await context.caller.post<{ pseudonyms: string[] }>(
      `/ingestion/v1/projects/${project}/subjects/resolve`,
      { dataset: 'applications', identifiers: some.map(({ applicant = '' }) => applicant) },
    );
    for (let row = 0; row < rows; row += 5)
      await inference.predict(
        `${project}.approval`,
        requestColumns(some.slice(row, row + 5), pseudonyms.slice(row, row + 5)),
      );
  }

  async function inDatabase(statement: string): Promise<void> {
    const client = new Client({ connectionString: platform.database!.ownerUrl });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }

  async function person(user: string, roles: readonly string[]): Promise<void> {
    await context.administrator.post('/governance/v1/users', {
      user,
      password: PASSWORD,
      displayName: `${user} ${HOSTILE}`,
      roles: roles.map((role) => ({ role, project })),
    });
  }

  async function atBrowser(user: string, password = PASSWORD): Promise<PersonAtBrowser> {
    const opened = await PersonAtBrowser.open(browser, platform.entryUrl);
    extra.push(opened);
    await opened.logIn(user, password);
    return opened;
  }

  const openRequest = async (kind: string, pseudonym: string): Promise<void> => {
    await officer.goTo(at('/subject-requests'));
    await officer.ask('Open a request', { Pseudonym: pseudonym, 'What is asked for': kind });
    await link(officer, kind).click();
    await officer.ask('Add evidence', { 'In words': `Passport seen. ${HOSTILE}` });
    await officer.ask('Take it over');
    await main(officer).getByText('you', { exact: true }).first().waitFor();
  };

  const findSubject = async (identifier: string): Promise<string> => {
    await officer.goTo(at('/subject-requests'));
    await officer.ask('Find a subject', { Identifier: identifier }, 'Find', 'told');
    return (await officer.page.getByRole('dialog').getByLabel('Pseudonym').innerText()).trim();
  };

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'steward-console-law-'));
    pictures = picturesFolder(dataDir);
    platform = await startPlatform(dataDir, PASSWORD);
    const guest = new StewardClient({ url: platform.entryUrl });
    const { token } = await guest.post<{ token: string }>('/governance/v1/login', {
      user: 'administrator',
      password: PASSWORD,
    });
    context = {
      platform,
      administrator: guest.as(token),
      options: demoOptions([]),
      summary: {},
      tokens: {},
      sent: [],
      unanswered: 0,
      say: () => undefined,
    } as unknown as DemoContext;
    await people.run(context);
    ({ project, inference } = context);
    await person('ruth', ['decision-reviewer']);
    await person('rolf', ['decision-reviewer']);
    await person('piet', ['privacy-officer']);
    await uploadInitial(context.engineer, project);
    const run = await trainPipeline(context.engineer, project, 'approval', 'pipeline.yaml', () => undefined);
    await context.engineer.put(
      `/monitoring/v1/projects/${project}/monitors/approval`,
      exampleText('monitor.yaml'),
      { type: 'application/yaml' },
    );
    await approveAndServe(context, run.result!.digest);
    browser = await launchChromium();
    const number = project.split('-').at(-1)!;
    officer = await atBrowser(`officer-${number}`, 'officer-correct-horse-battery-staple');
    engineer = await atBrowser(`engineer-${number}`, 'engineer-correct-horse-battery-staple');
    reviewer = await atBrowser('ruth');
    second = await atBrowser('rolf');
  }, 300_000);

  afterAll(async () => {
    inference?.close();
    await browser?.close();
    await platform?.stop();
    await EmbeddedPostgres.remove(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('writes purposes, with what is wrong at its lines, binds them, and shows what the record lacks', async () => {
    const { page } = officer;
    await officer.goTo(at('/records'));
    await says(officer, 'who the controller is');
    await officer.ask('Change who answers', { Controller: 'First Bank' }, 'Save', 'refused');
    await page.getByRole('dialog').getByLabel('How to reach: Controller').fill('1 Main Street');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await says(officer, 'First Bank, 1 Main Street');
    await officer.goTo(at('/records?tab=purposes'));
    await officer.ask('New purpose', { Purpose: 'credit', Definition: WRONG_PURPOSE }, 'Write it', 'refused');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Line 4' }).click();
    const area = dialog.getByLabel('Definition');
    expect(
      await area.evaluate((element) => {
        const { value, selectionStart, selectionEnd } = element as unknown as {
          value: string;
          selectionStart: number;
          selectionEnd: number;
        };
        return value.slice(selectionStart, selectionEnd);
      }),
    ).toBe('  article: z');
    await area.fill(PURPOSE);
    await dialog.getByRole('button', { name: 'Write it' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await link(officer, 'Credit decisions').click();
    await says(officer, /Art\. 6\(1\)\(b\), contract/);
    await officer.goTo(at('/records?tab=bindings'));
    await main(officer).getByRole('button', { name: 'Bind', exact: true }).click();
    await dialog.getByLabel('Name').fill('approval');
    await dialog.getByLabel('What').selectOption('model');
    await dialog.getByRole('checkbox', { name: 'credit' }).check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await link(officer, 'approval').waitFor();
    await officer.goTo(at('/records?tab=consents'));
    await officer.ask(
      'Record a consent',
      { Pseudonym: STRANGER, Purpose: 'credit', 'Version of the text': '1' },
      'Record',
    );
    await says(officer, 'given');
    await officer.goTo(at('/records'));
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      main(officer).getByRole('link', { name: 'Download (JSON)' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^record-of-processing/);
  }, 90_000);

  it('shows a high-risk model as blocked until another person has signed its assessment', async () => {
    await officer.goTo(at('/models/approval'));
    await officer.ask(
      'Class the risk',
      { Risk: 'high', Because: `Annex III, 5(b): credit scoring. ${HOSTILE}` },
      'Save',
    );
    await says(officer, /blocked: nobody has signed/);
    await officer.goTo(at('/impact-assessments/approval'));
    await says(officer, 'Nobody has written an assessment of this model yet.');
    await main(officer).getByRole('button', { name: 'Write it' }).click();
    const form = main(officer).getByRole('form', { name: 'Assessment' });
    await form.getByLabel('Necessity and proportionality').fill(`Needed to decide applications. ${HOSTILE}`);
    await form.getByLabel('What may happen to whom').fill('Applicants are refused wrongly.');
    await form.getByLabel('Measures').fill('People decide refusals.');
    await form.getByLabel(/Views of the subjects/).fill('Asked by survey.');
    await form.getByLabel(/Advice of the data protection officer/).fill('Watch the groups.');
    await form.getByRole('button', { name: 'Write the version' }).click();
    await main(officer).getByRole('heading', { name: 'Standing' }).waitFor();
    await officer.ask('Sign', {}, 'Sign', 'refused');
    expect(await officer.page.getByRole('dialog').getByRole('alert').innerText()).toMatch(/does not sign it/);
    const other = await atBrowser('piet');
    await other.goTo(at('/impact-assessments/approval'));
    await other.ask('Sign');
    await main(other).getByText('signed', { exact: true }).first().waitFor();
    await officer.goTo(at('/models/approval'));
    await says(officer, 'a signed assessment stands');
  }, 90_000);

  it('explains a prediction with what each column did, and with what would have turned it', async () => {
    await predict(40, 20);
    await until('predictions to be listed', 60_000, async () => {
      await engineer.goTo(at('/datasets/applications?tab=predictions'));
      return (await link(engineer, /^[0-9a-f]{8}\/\d+$/).count()) > 0;
    });
    await link(engineer, /^[0-9a-f]{8}\/\d+$/).click();
    await engineer.settled();
    await main(engineer).locator('figure .recharts-surface').waitFor();
    await main(engineer).getByText('Figures', { exact: true }).click();
    await main(engineer).getByRole('cell', { name: 'pirat' }).first().waitFor();
    await says(engineer, /expected over [\d,]+ training rows/);
    await engineer.choose('Columns that cannot change', 'single');
    await main(engineer).getByRole('button', { name: 'Look for changes' }).click();
    await main(engineer)
      .getByRole('cell', { name: / instead of / })
      .first()
      .or(main(engineer).getByText('No allowed change was found'))
      .first()
      .waitFor();
    expect(
      await main(engineer)
        .getByRole('cell', { name: /^single .* instead of/ })
        .count(),
    ).toBe(0);
    prediction = new URL(engineer.page.url()).pathname.replace('/console', '');
    await engineer.picture(join(pictures, 'counterfactuals.png'));
    expect(await engineer.violations()).toEqual([]);
    await engineer.goTo(at('/predictions/nothing/0'));
    await main(engineer).getByRole('alert').waitFor();
  }, 120_000);

  it('holds decisions; one person overrides, the subject contests, another decides', async () => {
    await officer.goTo(at('/held-decisions?tab=counts'));
    await main(officer).getByRole('button', { name: 'Change the policy' }).click();
    const dialog = officer.page.getByRole('dialog');
    await dialog.getByLabel('Score from').fill('0');
    await dialog.getByLabel('to', { exact: true }).fill('1');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await says(officer, 'scores from 0 to 1');
    await until('a decision to be held', 60_000, async () => {
      await predict(0, 20);
      await reviewer.goTo(at('/held-decisions'));
      return (await main(reviewer).getByRole('cell', { name: 'pending' }).count()) > 0;
    });
    await link(reviewer, /^[0-9a-f]{8}$/).click();
    await main(reviewer).getByRole('cell', { name: 'pirat' }).waitFor();
    await says(reviewer, /afam.*sensitive/);
    const url = reviewer.page.url();
    const proposed = await main(reviewer).locator('dt:has-text("The model says") + dd').innerText();
    const other = proposed === 'yes' ? 'no' : 'yes';
    await reviewer.ask('Decide', {
      Decision: other,
      Reason: `The income is higher than stated. ${HOSTILE}`,
      Answer: 'Your papers were read again.',
    });
    await main(reviewer).getByText('overridden', { exact: true }).waitFor();
    await reviewer.ask('Contest', { 'What the subject says': 'It is still wrong.' });
    await reviewer.ask(
      'Decide',
      { Decision: other, Reason: 'As before.', Answer: 'As before.' },
      'Decide',
      'refused',
    );
    expect(await reviewer.page.getByRole('dialog').getByRole('alert').innerText()).toMatch(/somebody else/);
    await second.page.goto(url);
    await second.ask('Decide', { Decision: proposed, Reason: 'Read anew.', Answer: 'It stays as it was.' });
    await main(second).getByText('confirmed', { exact: true }).waitFor();
  }, 150_000);

  it('counts what has outlived its time, lets another person confirm, and verifies the evidence here', async () => {
    await officer.goTo(at('/retention'));
    await says(officer, 'nobody has made one');
    await officer.ask('Change the policy', { Definition: RETENTION.replace('10', '0') }, 'Set it', 'refused');
    const dialog = officer.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Line 1' }).waitFor();
    await dialog.getByLabel('Definition').fill(RETENTION);
    await dialog.getByRole('button', { name: 'Set it' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await main(officer).getByRole('cell', { name: 'policy project: 10 days' }).first().waitFor();
    await officer.goTo(at('/retention?tab=holds'));
    await officer.ask('Place a hold', { Class: 'consents', Reason: `A lawsuit. ${HOSTILE}` }, 'Place it');
    await main(officer).getByText('in force', { exact: true }).waitFor();
    await officer.goTo(at('/retention?tab=runs'));
    await says(officer, 'There has been no run.');
    await officer.ask('Count what is due', {}, 'Count');
    await main(officer).getByText('nothing was due', { exact: true }).waitFor({ timeout: 60_000 });
    await inDatabase(`UPDATE ingestion.batches SET created_at = created_at - interval '20 days'`);
    await officer.goTo(at('/retention?tab=runs'));
    await officer.ask('Count what is due', {}, 'Count');
    await says(officer, 'another person than you');
    await main(officer).getByRole('cell', { name: 'quarantine' }).first().waitFor({ timeout: 60_000 });
    await officer.ask('Confirm', {}, 'Delete 12 items', 'refused');
    expect(await dialog.getByRole('alert').innerText()).toMatch(/another person confirms it/);
    const path = new URL(officer.page.url()).pathname.replace('/console', '');
    const other = await atBrowser('piet');
    await other.goTo(path);
    await other.picture(join(pictures, 'retention-counted.png'));
    await other.ask('Confirm', {}, 'Delete 12 items');
    await main(other).getByText('verified by this browser').waitFor({ timeout: 60_000 });
    run = path;
  }, 180_000);

  it('opens a breach, counts who is exposed, drafts both notifications, and ends it', async () => {
    await officer.goTo(at('/breaches'));
    await officer.ask('Open a breach', {
      'What happened': `A laptop was stolen. ${HOSTILE}`,
      Dataset: 'applications',
    });
    await says(officer, /h left/);
    await link(officer, /^[0-9a-f]{8}$/).click();
    await main(officer).getByRole('button', { name: 'Show the subjects' }).click();
    await main(officer).getByRole('cell', { name: /^sub_/ }).first().waitFor();
    await says(officer, /Notification of a personal data breach/);
    await officer.ask('End it', { Reason: 'Notified under number 4711.' });
    await main(officer).getByText('notified', { exact: true }).waitFor();
    await officer.goTo(at('/breaches'));
    await officer.ask('Open a breach', { 'What happened': 'A key was found in a public repository.' });
    await says(officer, /h left/);
  }, 90_000);

  it('runs requests of data subjects to their end, and verifies the certificate of an erasure', async () => {
    await openRequest('restriction', STRANGER);
    await officer.ask('Extend', { By: '2', Reason: 'It is complex.' });
    await main(officer).getByRole('button', { name: 'Extend' }).waitFor({ state: 'detached' });
    await officer.ask('Carry it out');
    await main(officer).getByText('fulfilled', { exact: true }).waitFor();
    await officer.goTo(at('/subject-requests?tab=terms'));
    await main(officer).getByRole('cell', { name: 'restriction', exact: true }).waitFor();
    await officer.ask('Find a subject', { Identifier: 'nobody at all' }, 'Find', 'told');
    await officer.page.getByRole('dialog').getByText('Nobody is known by this identifier.').waitFor();
    await openRequest('erasure', await findSubject(applications('calm')[0]!.applicant!));
    await officer.ask('Carry it out');
    await main(officer).getByText('verified by this browser').waitFor({ timeout: 60_000 });
    await main(officer).getByRole('cell', { name: 'ingestion' }).first().waitFor();
    await openRequest('access', STRANGER);
    await officer.ask('Withdrawn', {}, 'End it');
    await main(officer).getByText('withdrawn', { exact: true }).waitFor();
  }, 180_000);

  it('sets a plan, with what is wrong at its lines, and watches a canary until it is rolled back', async () => {
    const pipeline = exampleText('pipeline.yaml').replace(/seed: \d+/, 'seed: 4711');
    const at2 = `/training/v1/projects/${project}/pipelines/approval`;
    await context.engineer.put(at2, pipeline, { type: 'application/yaml' });
    const { id } = await context.engineer.post<{ id: string }>(`${at2}/runs`, {});
    const run = await waitForRun(context.engineer, project, id, () => undefined);
    await engineer.goTo(at('/deployments'));
    await link(engineer, `${project}.approval`).click();
    await engineer.ask('Ask for an alias', { Version: String(run.result!.version), Alias: 'canary' }, 'Ask');
    const asked = await until('the request for the canary', 20_000, async () => {
      const { items } = await context.approver.get<{ items: { id: string; alias: string; state: string }[] }>(
        `/governance/v1/projects/${project}/approvals`,
      );
      return items.find(({ alias, state }) => alias === 'canary' && state === 'open');
    });
    await context.approver.post(`/governance/v1/projects/${project}/approvals/${asked.id}/approve`, {
      reason: 'Good enough to be tried.',
    });
    await engineer.ask('Change the plan', { Definition: WRONG_PLAN }, 'Set it', 'refused');
    const dialog = engineer.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Line 5' }).waitFor();
    await dialog.getByLabel('Definition').fill(PLAN);
    await dialog.getByRole('button', { name: 'Set it' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await main(engineer).getByRole('heading', { name: 'Canary' }).waitFor({ timeout: 30_000 });
    await until('the gates to be seen over time', 60_000, async () => {
      await predict(20, 40);
      return (await main(engineer).locator('figure .recharts-surface').count()) > 0;
    });
    await engineer.picture(join(pictures, 'deployment-canary.png'));
    expect(await engineer.violations()).toEqual([]);
    await engineer.ask('Roll back the canary', {}, 'Roll back');
    await main(engineer).getByText('rolled back', { exact: true }).first().waitFor();
  }, 240_000);

  it('compares versions, and mirrors to a shadow', async () => {
    await engineer.goTo(at('/deployments/approval'));
    await engineer.ask('Change the plan', { Definition: COMPARED }, 'Set it');
    await main(engineer).getByRole('heading', { name: 'Shadow' }).waitFor({ timeout: 30_000 });
    await until('both versions to answer', 60_000, async () => {
      await predict(60, 40);
      const arm = main(engineer).getByRole('table', { name: 'Versions compared' }).locator('tbody tr').nth(1);
      return (await arm.count()) > 0 && (await arm.locator('td').nth(1).innerText()) !== '0';
    });
    await engineer.picture(join(pictures, 'deployment-compared.png'));
  }, 120_000);

  it('takes a model out of service, and puts it back', async () => {
    await engineer.goTo(at('/deployments/approval'));
    await engineer.ask('Take out of service', {}, 'Take out of service');
    const back = main(engineer).getByRole('button', { name: 'Put into service' });
    await back.waitFor({ timeout: 30_000 });
    await expect(predict(60, 5)).rejects.toThrow(/taken out of service/);
    await engineer.ask('Put into service', {}, 'Put into service');
    await main(engineer).getByRole('button', { name: 'Take out of service' }).waitFor({ timeout: 30_000 });
    await predict(60, 5);
  }, 120_000);

  it('imports a model that was made elsewhere, and says why one is refused', async () => {
    await engineer.goTo(at('/models'));
    await main(engineer).getByRole('button', { name: 'Import a model' }).click();
    const dialog = engineer.page.getByRole('dialog');
    await engineer.examineDialog('Import a model');
    await dialog.getByLabel('Model that it becomes a version of').fill('approval');
    await dialog.getByLabel('Signature (JSON)').fill(JSON.stringify(SIGNATURE));
    const onnx = (name: string, bytes: Buffer) => ({
      name,
      mimeType: 'application/octet-stream',
      buffer: bytes,
    });
    const choose = async (bytes: Buffer): Promise<void> => {
      const chooser = engineer.page.waitForEvent('filechooser');
      await dialog.getByRole('button', { name: 'ONNX file' }).click();
      await (await chooser).setFiles(onnx('model.onnx', bytes));
      await dialog.getByRole('button', { name: 'Check and import' }).click();
    };
    await choose(Buffer.from('not a model'));
    await dialog.getByRole('alert').waitFor({ timeout: 60_000 });
    await choose(Buffer.from(ONNX, 'base64'));
    await dialog.getByText(/It is registered and waits for approval/).waitFor({ timeout: 60_000 });
    // By keyboard: the dialog shrinks to what it says now, and a click may come to where the link was.
    await dialog.getByRole('link', { name: /^approval version \d+$/ }).press('Enter');
    await main(engineer)
      .getByRole('heading', { name: /approval/ })
      .first()
      .waitFor();
  }, 120_000);

  it('corrects a subject’s rows, says what is wrong with a correction, and ends the request', async () => {
    await openRequest('rectification', await findSubject('A-000328'));
    await officer.ask('Carry it out');
    await officer.ask('Correct the rows', { Corrections: 'pirat = a lot' }, 'Correct', 'refused');
    const correcting = officer.page.getByRole('dialog');
    await correcting.getByRole('alert').getByText(/pirat/).waitFor();
    await correcting.getByLabel('Corrections').fill('pirat = 0.31\nhirat = 0.3');
    await correcting.getByRole('button', { name: 'Correct', exact: true }).click();
    await correcting.getByText(/Version \d+ of applications holds the corrected rows\./).waitFor();
    await correcting.getByRole('button', { name: 'Close' }).last().click();
    await main(officer).getByText('fulfilled', { exact: true }).waitFor({ timeout: 60_000 });
    await engineer.goTo(at('/models/approval'));
    const flagged = main(engineer).getByRole('table', {
      name: 'Versions whose training rows were erased or corrected',
    });
    await flagged.getByRole('cell', { name: 'rectification' }).first().waitFor();
  }, 120_000);

  it('shows what waits for whom in the outbox', async () => {
    await officer.goTo(at('/outbox'));
    await says(officer, /No webhook is configured/);
    await link(officer, /breach was opened/).click();
    await main(officer)
      .getByRole('heading', { name: /^Breach / })
      .waitFor();
    await engineer.goTo(at('/outbox?which=all&kind=approval'));
    await link(engineer, /wants to become champion/).waitFor();
  });

  it('meets WCAG 2.2 AA on every page, light and dark, with nothing hostile alive', async () => {
    const first = async (path: string): Promise<string> => {
      const { items } = await context.administrator.get<{ items: { id: string }[] }>(
        `/governance/v1/projects/${project}/${path}`,
      );
      return items[0]!.id;
    };
    const erasures = await context.officer.get<{ items: { id: string; kind: string }[] }>(
      `/governance/v1/projects/${project}/subject-requests`,
      { kind: 'erasure' },
    );
    const { items: decided } = await context.administrator.get<{ items: { id: string }[] }>(
      `/governance/v1/projects/${project}/held-decisions`,
      { state: 'confirmed' },
    );
    const pages: ConsolePage[] = [
      { name: 'records', path: at('/records') },
      { name: 'purposes', path: at('/records?tab=purposes') },
      { name: 'purpose', path: at('/records/purposes/credit') },
      { name: 'bindings', path: at('/records?tab=bindings') },
      { name: 'consents', path: at('/records?tab=consents') },
      { name: 'impact-assessments', path: at('/impact-assessments') },
      { name: 'impact-assessment', path: at('/impact-assessments/approval') },
      { name: 'model-risk', path: at('/models/approval') },
      { name: 'held-decisions', path: at('/held-decisions') },
      { name: 'held-decisions-counts', path: at('/held-decisions?tab=counts') },
      { name: 'held-decisions-groups', path: at('/held-decisions?tab=groups') },
      { name: 'held-decision', path: at(`/held-decisions/${decided[0]!.id}`) },
      { name: 'explanation', path: prediction, shows: 'figure .recharts-surface' },
      { name: 'retention', path: at('/retention') },
      { name: 'retention-runs', path: at('/retention?tab=runs') },
      { name: 'retention-run', path: run },
      { name: 'retention-holds', path: at('/retention?tab=holds') },
      { name: 'predictions', path: at('/datasets/applications?tab=predictions') },
      { name: 'breaches', path: at('/breaches') },
      { name: 'breach', path: at(`/breaches/${await first('breaches')}`) },
      { name: 'erasure-certificate', path: at(`/subject-requests/${erasures.items[0]!.id}`) },
      { name: 'subjects-left-out', path: at('/subject-requests?tab=terms') },
      { name: 'deployment', path: at('/deployments/approval') },
      { name: 'outbox', path: at('/outbox?which=all') },
    ];
    expect(pages).toHaveLength(24);
    const found: string[] = [];
    const work = async (auditor: PersonAtBrowser): Promise<void> => {
      for (let page = pages.shift(); page; page = pages.shift())
        found.push(
          ...(await examinePage(auditor, page, pictures, ['records', 'impact-assessment', 'explanation'])),
        );
    };
    await Promise.all([work(await atBrowser('administrator')), work(await atBrowser('administrator'))]);
    expect(found).toEqual([]);
  }, 240_000);

  it('says errors and emptiness as sentences, and works by keyboard alone', async () => {
    const { page } = officer;
    await officer.goTo(at('/breaches/nothing'));
    await main(officer).getByText('There is no such breach here.').waitFor();
    await officer.goTo(at('/records/purposes/nothing'));
    await main(officer).getByText('There is no such purpose in this project.').waitFor();
    await officer.goTo(at(`/records?tab=consents&purpose=${encodeURIComponent(HOSTILE)}`));
    await main(officer)
      .getByRole('alert')
      .or(main(officer).getByText('No consent was recorded.'))
      .first()
      .waitFor();
    await page.route('**/governance/v1/projects/*/breaches*', (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        body: JSON.stringify({ code: 'X.AWAY', detail: 'governance does not answer right now.' }),
      }),
    );
    await officer.goTo(at('/breaches'));
    await main(officer).getByText('governance does not answer right now.').waitFor();
    await page.unroute('**/governance/v1/projects/*/breaches*');
    await main(officer).getByRole('button', { name: 'Try again' }).focus();
    await page.keyboard.press('Enter');
    await says(officer, /h left/);
    await officer.goTo(at('/records'));
    await main(officer).getByRole('tab', { name: 'Record of processing' }).focus();
    await page.keyboard.press('ArrowRight');
    await main(officer).getByRole('button', { name: 'New purpose' }).waitFor();
    expect(page.url()).toContain('tab=purposes');
    await main(officer).getByRole('button', { name: 'New purpose' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  it('ran no script of others, and broke no line of the content security policy', () => {
    expect(extra.flatMap(({ faults }) => faults)).toEqual([]);
  });
});
