import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceClient, StewardClient } from '@steward/client';
import { EmbeddedPostgres } from '@steward/database';
import type { Platform } from '@steward/start';
import { Client } from 'pg';
import type { Browser, Locator } from 'playwright-core';
import type { DemoContext } from '../src/demo-context';
import { demoOptions } from '../src/demo-options';
import { exampleFile, exampleText } from '../src/lending-data';
import { sendApplications } from '../src/steps/predict';
import { until } from '../src/until';
import { describeInChromium, launchChromium, PersonAtBrowser } from './support/chromium';
import { consolePages, examinePage } from './support/console-pages';
import { picturesFolder, startPlatform } from './support/console-platform';

const PROJECT = 'lending';
const PASSWORD = 'a-long-enough-password';
const FIRST_LOAD_BYTES = 300_000;
/** What a browser must never take for markup, in every field that takes free text. */
const HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}';
/** Copies of what the loop has left; the entries far behind the tree, which does not know them. */
const MANY_RUNS = `
  INSERT INTO training.runs
  SELECT (jsonb_populate_record(run, jsonb_build_object('id', gen_random_uuid()))).*
  FROM training.runs AS run, generate_series(1, 10000)
  WHERE run.id = (SELECT id FROM training.runs ORDER BY id LIMIT 1)`;
const MANY_ENTRIES = `
  INSERT INTO governance.audit_entries
  SELECT (jsonb_populate_record(entry, jsonb_build_object(
    'index', 1000000 + n, 'entry_id', 'many-' || n, 'action', 'many'))).*
  FROM governance.audit_entries AS entry, generate_series(1, 100000) AS n
  WHERE entry.index = 0`;
/** May set aliases, but not champion. */
const TUNER = `- { action: [update], subject: [ModelAlias] }
- { action: [update], subject: [ModelAlias], conditions: { alias: champion }, inverted: true }
`;
const SUBJECT = `sub_${'0123456789abcdef'.repeat(2)}`;

describeInChromium('the console', () => {
  let dataDir: string;
  let pictures: string;
  let platform: Platform;
  let browser: Browser;
  let administrator: PersonAtBrowser;
  let engineer: PersonAtBrowser;
  let approver: PersonAtBrowser;
  let auditor: PersonAtBrowser;
  let secret = '';

  const everybody = () => [administrator, engineer, approver, auditor];
  const main = ({ page }: PersonAtBrowser): Locator => page.getByRole('main');
  const link = (person: PersonAtBrowser, name: string | RegExp): Locator =>
    main(person).getByRole('link', { name }).first();

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'steward-console-'));
    pictures = picturesFolder(dataDir);
    platform = await startPlatform(dataDir, PASSWORD);
    browser = await launchChromium();
    [administrator, engineer, approver, auditor] = (await Promise.all(
      Array.from({ length: 4 }, () => PersonAtBrowser.open(browser, platform.entryUrl)),
    )) as [PersonAtBrowser, PersonAtBrowser, PersonAtBrowser, PersonAtBrowser];
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
    await EmbeddedPostgres.remove(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('comes in less than 300 KB of compressed JavaScript', async () => {
    let bytes = 0;
    administrator.page.on('response', (response) => {
      if (response.url().endsWith('.js')) bytes += Number(response.headers()['content-length']);
    });
    await administrator.logIn('administrator', PASSWORD);
    await administrator.settled();
    process.stdout.write(
      `First load of the console: ${Math.round(bytes / 1000)} KB of compressed JavaScript.\n`,
    );
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(FIRST_LOAD_BYTES);
  });

  it('an administrator makes a project, three people with roles, and a program with a key', async () => {
    const { page } = administrator;
    await administrator.goTo('/projects');
    await administrator.ask('New project', { Name: PROJECT }, 'Make the project');
    await link(administrator, PROJECT).waitFor();
    const roles = {
      engineer: ['data-engineer', 'ml-engineer', 'approver'],
      approver: ['approver'],
      auditor: ['auditor'],
      officer: ['privacy-officer'],
    };
    const names: Record<string, string> = {
      engineer: 'Edda Engineer',
      approver: 'Alva Approver',
      auditor: 'Ada Auditor',
    };
    for (const [user, held] of Object.entries(roles)) {
      await administrator.goTo('/people');
      await administrator.ask(
        'New person',
        { User: user, 'Shown as': names[user] ?? HOSTILE, 'First password': PASSWORD },
        'Make the account',
      );
      await link(administrator, user).click();
      await administrator.settled();
      for (const role of held)
        await administrator.ask(
          'Add a role',
          { Role: role, Where: user === 'auditor' ? '' : PROJECT },
          'Add',
        );
      await main(administrator)
        .getByRole('cell', { name: held.at(-1)!, exact: true })
        .waitFor();
    }
    await administrator.goTo('/people?kind=machines');
    await administrator.ask('New machine', { Name: 'caller' }, 'Make the account');
    await link(administrator, 'caller').click();
    await administrator.settled();
    await administrator.ask('Add a role', { Role: 'service', Where: PROJECT }, 'Add');
    await administrator.goTo('/api-keys');
    await main(administrator).getByRole('button', { name: 'New key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Machine').selectOption({ label: 'caller' });
    await dialog.getByRole('button', { name: 'Make the key' }).click();
    secret = (await dialog.getByLabel('Secret').innerText()).trim();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    expect(secret).toMatch(/^stw_/);
    // Rotated at once: the old key is of no use any more.
    await main(administrator).getByRole('button', { name: 'Rotate' }).click();
    await administrator.examineDialog('Rotate');
    await dialog.getByLabel('The old key goes on').selectOption({ label: 'not at all' });
    await dialog.getByRole('button', { name: 'Make the new key' }).click();
    const fresh = (await dialog.getByLabel('Secret').innerText()).trim();
    await dialog.getByText('The old key ends').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    expect(fresh).toMatch(/^stw_/);
    expect(fresh).not.toBe(secret);
    secret = fresh;
    await engineer.logIn('engineer', PASSWORD);
    await approver.logIn('approver', PASSWORD);
    await auditor.logIn('auditor', PASSWORD);
  }, 120_000);

  it('the engineer takes data in and trains', async () => {
    const { page } = engineer;
    await engineer.goTo(`/projects/${PROJECT}/datasets`);
    await until('ingestion to know the project', 15_000, async () => {
      const { status } = await page.evaluate(
        async (url) => ({ status: (await fetch(url)).status }),
        `/ingestion/v1/projects/${PROJECT}/datasets`,
      );
      return status === 200;
    });
    await engineer.ask('Register contract', {
      Dataset: 'applications',
      Contract: exampleText('contract.yaml'),
    });
    await link(engineer, 'applications').click();
    await main(engineer).getByRole('button', { name: 'Upload rows' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('input[type=file]').setInputFiles(exampleFile('data/initial.csv'));
    await dialog.getByRole('button', { name: 'Upload', exact: true }).click();
    await dialog.getByText('The rows were taken in.').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await until('training to know the dataset version', 30_000, async () => {
      await engineer.goTo(`/projects/${PROJECT}/pipelines`);
      await main(engineer).getByRole('button', { name: 'New pipeline' }).click();
      await dialog.getByLabel('Pipeline').fill('approval');
      await dialog.getByLabel('Definition').fill(exampleText('pipeline.yaml'));
      await dialog.getByRole('button', { name: 'Register' }).click();
      await dialog.getByRole('alert').or(link(engineer, 'approval')).first().waitFor();
      return (await dialog.count()) === 0 || (await dialog.getByRole('alert').count()) === 0;
    });
    await link(engineer, 'approval').click();
    await until('the run to start', 30_000, async () => {
      await engineer.settled();
      await main(engineer).getByRole('button', { name: 'Start a run' }).click();
      await dialog.getByRole('button', { name: 'Start', exact: true }).click();
      await dialog
        .getByRole('alert')
        .or(page.getByRole('heading', { name: /^Run / }))
        .first()
        .waitFor();
      if ((await dialog.getByRole('alert').count()) === 0) return true;
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      return false;
    });
    await main(engineer).getByText('succeeded', { exact: true }).waitFor({ timeout: 90_000 });
    await engineer.goTo(`/projects/${PROJECT}/monitors`);
    await engineer.ask(
      'New monitor',
      { Monitor: 'approval', Definition: exampleText('monitor.yaml') },
      'Register',
    );
    await link(engineer, 'approval').waitFor();
  }, 180_000);

  it('refuses the engineer who started the run; the approver approves, by keyboard alone', async () => {
    await until('the approval request', 30_000, async () => {
      await engineer.goTo(`/projects/${PROJECT}/approvals`);
      return (await link(engineer, /approval version 1/).count()) > 0;
    });
    await link(engineer, /approval version 1/).click();
    await engineer.ask('Approve', {}, 'Approve', 'refused');
    expect(await engineer.page.getByRole('dialog').getByRole('alert').innerText()).toMatch(/Four eyes/);

    const { page } = approver;
    await approver.goTo(`/projects/${PROJECT}`);
    await link(approver, /approval version 1 wants to become champion/).focus();
    await page.keyboard.press('Enter');
    const button = main(approver).getByRole('button', { name: 'Approve', exact: true });
    await button.waitFor();
    await button.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await button.and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Enter');
    await dialog.getByRole('textbox').focus();
    await page.keyboard.type(`Figures and fairness are in order. ${HOSTILE}`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await main(approver).getByText('granted', { exact: true }).waitFor();
    await until('the champion to be served', 30_000, async () => {
      await approver.goTo(`/projects/${PROJECT}/deployments`);
      return (await main(approver).getByText('serving', { exact: true }).count()) > 0;
    });
  }, 120_000);

  it('shows drift; the engineer acknowledges; the retrained candidate is compared and approved', async () => {
    const inference = new InferenceClient(platform.grpcAddress('inference'), secret);
    const context = {
      caller: new StewardClient({ url: platform.entryUrl, credential: secret }),
      inference,
      options: demoOptions([]),
      project: PROJECT,
      sent: [],
      unanswered: 0,
      say: () => undefined,
    } as unknown as DemoContext;
    try {
      await sendApplications(context, 'shifted-a');
    } finally {
      inference.close();
    }
    await until('the alert', 60_000, async () => {
      await engineer.goTo(`/projects/${PROJECT}/alerts`);
      return (
        (await main(engineer)
          .getByText(/drift: single/)
          .count()) > 0
      );
    });
    await engineer.ask('Acknowledge', { Comment: `The season has begun. ${HOSTILE}` });
    await main(engineer).getByText('you', { exact: true }).first().waitFor();
    await until('the candidate', 120_000, async () => {
      await approver.goTo(`/projects/${PROJECT}/approvals?state=open`);
      return (await link(approver, /approval version 2/).count()) > 0;
    });
    await link(approver, /approval version 2/).click();
    await main(approver)
      .getByText(/rows that are new to both/)
      .waitFor();
    await main(approver)
      .getByRole('cell', { name: /better|worse/ })
      .first()
      .waitFor();
    await main(approver).getByRole('list', { name: 'Lineage of approval version 1' }).waitFor();
    await approver.ask('Approve', { Reason: 'Better on new rows.' });
    await main(approver).getByText('granted', { exact: true }).waitFor();
  }, 240_000);

  it('verifies an audit entry in the browser, and finds one that was changed on the way', async () => {
    const { page } = auditor;
    await auditor.goTo('/audit?action=approval.approve');
    // By name, on a page that is no project's.
    await main(auditor).getByText('Alva Approver').first().waitFor();
    const [excerpt] = await Promise.all([
      page.waitForEvent('download'),
      main(auditor).getByRole('link', { name: 'Download with proofs' }).click(),
    ]);
    const lines = readFileSync(await excerpt.path(), 'utf8')
      .trim()
      .split('\n');
    const actions = lines.flatMap(
      (line) => (JSON.parse(line) as { entry?: { action: string } }).entry?.action ?? [],
    );
    expect(new Set(actions)).toEqual(new Set(['approval.approve']));
    await main(auditor).getByRole('link', { name: /^\d+$/ }).first().click();
    await main(auditor).getByText('Verified by this browser').waitFor();
    expect(await main(auditor).getByText('holds', { exact: true }).count()).toBe(3);
    await main(auditor).getByRole('button', { name: 'Verify again' }).click();
    await main(auditor).getByText('Continuation').waitFor();
    await page.route('**/audit/entries/*/proof', async (route) => {
      const response = await route.fetch();
      const answer = (await response.json()) as { entry: { action: string } };
      answer.entry.action = 'approval.reject';
      await route.fulfill({ response, json: answer });
    });
    await main(auditor).getByRole('button', { name: 'Verify again' }).click();
    await main(auditor).getByText('This entry does NOT verify').waitFor();
    await page.unroute('**/audit/entries/*/proof');
    expect(
      await main(auditor)
        .getByRole('button', { name: /new|change/i })
        .count(),
    ).toBe(0);
  });

  it('takes the request of a data subject, a role of one’s own, and explains a decision', async () => {
    const officer = await PersonAtBrowser.open(browser, platform.entryUrl);
    await officer.logIn('officer', PASSWORD);
    await officer.goTo(`/projects/${PROJECT}/subject-requests`);
    await officer.ask('Open a request', { Pseudonym: SUBJECT, 'What is asked for': 'access' });
    await link(officer, 'access').click();
    await officer.ask('Add evidence', { 'In words': `Passport seen. ${HOSTILE}` });
    await officer.ask('Take it over');
    await main(officer).getByText('you', { exact: true }).first().waitFor();
    expect(officer.faults).toEqual([]);
    await officer.close();

    await administrator.goTo('/roles');
    await main(administrator).getByRole('link', { name: 'New role' }).click();
    await administrator.settled();
    const role = main(administrator).getByRole('form', { name: 'Role' });
    await role.getByLabel('Name').fill('tuner');
    await role.getByLabel('What for').fill(`Moves aliases. ${HOSTILE}`);
    await main(administrator).getByLabel('Rules as text').fill(TUNER);
    await role.getByRole('group', { name: 'Rule 2' }).waitFor();
    await role.getByRole('button', { name: 'Make the role' }).click();
    await main(administrator).getByRole('heading', { name: 'Role tuner' }).waitFor();
    await administrator.goTo('/permissions');
    const form = main(administrator);
    await form.getByLabel('Who (user or id)').fill('engineer');
    await form.getByLabel('Action', { exact: true }).selectOption('update');
    await form.getByLabel('Kind of object').selectOption('ModelAlias');
    await form.getByLabel('In project').fill(PROJECT);
    await form.getByLabel('Known field').fill('alias');
    await form.getByLabel('Its value').fill('champion');
    await form.getByLabel('If only the role were').selectOption('tuner');
    await form.getByRole('button', { name: 'Ask' }).click();
    await form.getByText('denied', { exact: true }).waitFor();
    expect(await form.getByRole('status').innerText()).toMatch(/tuner.*forbids/);
  });

  it('follows roles that change under a live session, and a session that is ended', async () => {
    const { page } = approver;
    const approvals = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Approvals' });
    await approver.goTo(`/projects/${PROJECT}`);
    await approvals.waitFor();
    await administrator.goTo('/people');
    await link(administrator, 'approver').click();
    await administrator.settled();
    await main(administrator)
      .getByRole('button', { name: /^Take away approver/ })
      .click();
    await main(administrator).getByText('No role: the account may do nothing.').waitFor();
    await approvals.waitFor({ state: 'detached', timeout: 40_000 });
    await approver.goTo(`/projects/${PROJECT}/approvals`);
    await main(approver).getByRole('alert').first().waitFor();
    await administrator.ask('Add a role', { Role: 'approver', Where: PROJECT }, 'Add');
    await approvals.waitFor({ timeout: 40_000 });
    await administrator.ask('End all sessions');
    await page.getByRole('button', { name: 'Log in' }).waitFor({ timeout: 40_000 });
    await approver.logIn('approver', PASSWORD);
  }, 150_000);

  it('says errors as sentences', async () => {
    const { page } = auditor;
    await page.route('**/training/v1/**', (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          code: 'GATEWAY.SERVICE_UNAVAILABLE',
          detail: 'training does not answer right now.',
        }),
      }),
    );
    await auditor.goTo(`/projects/${PROJECT}/runs`);
    await main(auditor).getByText('training does not answer right now.').waitFor();
    await page.unroute('**/training/v1/**');
    await main(auditor).getByRole('button', { name: 'Try again' }).click();
    await link(auditor, /^[0-9a-f]{8}$/).waitFor();
    await auditor.goTo(`/projects/${encodeURIComponent(HOSTILE)}/runs`);
    await main(auditor).getByRole('alert').first().waitFor();
    await auditor.goTo(`/audit?correlation=${encodeURIComponent(HOSTILE)}`);
    await main(auditor).getByText('No entry fits').waitFor();
  });

  it('meets WCAG 2.2 AA on every page, light and dark, with nothing hostile alive', async () => {
    const second = await PersonAtBrowser.open(browser, platform.entryUrl);
    await second.logIn('administrator', PASSWORD);
    const pages = await consolePages(administrator, PROJECT);
    expect(pages.length).toBeGreaterThan(30);
    const found: string[] = [];
    const work = async (person: PersonAtBrowser): Promise<void> => {
      for (let page = pages.shift(); page; page = pages.shift())
        found.push(...(await examinePage(person, page, pictures, ['overview', 'approval', 'monitor'])));
    };
    await Promise.all([work(administrator), work(second)]);
    expect([...found, ...second.faults]).toEqual([]);
    await second.close();
  }, 240_000);

  it('is usable at the login page by keyboard, in both schemes', async () => {
    const guest = await PersonAtBrowser.open(browser, platform.entryUrl);
    await guest.goTo(`/projects/${PROJECT}/runs?after=x`);
    await guest.picture(join(pictures, 'login.png'));
    const found = await guest.violations();
    await guest.inScheme('dark');
    expect([...found, ...(await guest.violations())]).toEqual([]);
    await guest.page.keyboard.type('auditor');
    await guest.page.keyboard.press('Tab');
    await guest.page.keyboard.type('wrong-password-here');
    await guest.page.keyboard.press('Enter');
    await guest.page.getByRole('alert').waitFor();
    await guest.page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await guest.page.keyboard.press('Enter');
    await guest.page.getByRole('button', { name: 'Log out' }).waitFor();
    expect(guest.page.url()).toContain('/runs?after=x');
    await guest.goTo('/audit');
    await guest.page.getByRole('link', { name: 'Skip to the page' }).focus();
    await guest.page.keyboard.press('Enter');
    await guest.page.locator('#page:focus').waitFor();
    expect(guest.faults).toEqual([]);
    await guest.close();
  });

  it('pages 10,000 runs and 100,000 audit entries by the services', async () => {
    const client = new Client({ connectionString: platform.database!.ownerUrl });
    await client.connect();
    try {
      await client.query(MANY_RUNS);
      await client.query(MANY_ENTRIES);
    } finally {
      await client.end();
    }
    const rows = main(administrator).locator('tbody tr');
    for (const path of [`/projects/${PROJECT}/runs`, '/audit', '/audit?action=many']) {
      const started = Date.now();
      await administrator.goTo(path);
      expect(await rows.count()).toBe(25);
      const first = await rows.first().innerText();
      await main(administrator).getByRole('button', { name: 'Next' }).click();
      await rows.first().filter({ hasNotText: first }).waitFor();
      expect(await rows.count()).toBe(25);
      expect(administrator.page.url()).toContain('after=');
      process.stdout.write(`Two pages of ${path} in ${Date.now() - started} ms.\n`);
      await main(administrator).getByRole('button', { name: 'Previous' }).click();
      await rows
        .first()
        .filter({ hasText: first.split(/\s/)[0] })
        .waitFor();
    }
  }, 120_000);

  it('ran no script of others, and broke no line of the content security policy', () => {
    expect(everybody().flatMap(({ faults }) => faults)).toEqual([]);
  });
});
