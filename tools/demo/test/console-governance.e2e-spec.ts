import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHmac } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StewardClient } from '@steward/client';
import { EmbeddedPostgres } from '@steward/database';
import { Platform, startConfig } from '@steward/start';
import type { Browser, Locator } from 'playwright-core';
import type { DemoContext } from '../src/demo-context';
import { demoOptions } from '../src/demo-options';
import { ingest } from '../src/steps/ingest';
import { people } from '../src/steps/people';
import { train } from '../src/steps/train';
import { until } from '../src/until';
import { describeInChromium, launchChromium, PersonAtBrowser } from './support/chromium';

const PASSWORD = 'a-long-enough-password';
const passwordOf = (person: string): string => `${person}-correct-horse-battery-staple`;
const KEEP_PICTURES = process.env.STEWARD_KEEP_PICTURES === '1';
/** What a browser must never take for markup. */
const HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code that an authenticator app shows (RFC 6238, SHA-1, 30 s, 6 digits). */
function codeOf(secret: string): string {
  const bits = Array.from(secret, (char) => BASE32.indexOf(char).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const number = digest.readUInt32BE(digest.at(-1)! & 15) & 0x7f_ff_ff_ff;
  return String(number % 1_000_000).padStart(6, '0');
}

describeInChromium('the console of governance', () => {
  let dataDir: string;
  let pictures: string;
  let platform: Platform;
  let browser: Browser;
  let project: string;
  let asAdministrator: StewardClient;
  let administrator: PersonAtBrowser;
  let engineer: PersonAtBrowser;
  let approver: PersonAtBrowser;
  let auditor: PersonAtBrowser;

  const main = ({ page }: PersonAtBrowser): Locator => page.getByRole('main');
  const says = (person: PersonAtBrowser, text: string | RegExp): Promise<void> =>
    main(person).getByText(text).first().waitFor();

  /** Takes a picture of the page as it stands and expects nothing of axe and nothing hostile, light and dark. */
  async function examine(person: PersonAtBrowser, name: string): Promise<void> {
    await person.inScheme('light');
    await person.picture(join(pictures, `${name}.png`));
    const light = await person.violations();
    await person.inScheme('dark');
    const dark = await person.violations('color-contrast');
    await person.inScheme('light');
    const alive = await person.page.locator('img[src="x"]').count();
    expect({ name, light, dark, alive }).toEqual({ name, light: [], dark: [], alive: 0 });
  }

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'steward-console-'));
    pictures = KEEP_PICTURES ? join(__dirname, '../../../docs/console') : join(dataDir, 'pictures');
    mkdirSync(pictures, { recursive: true });
    platform = await Platform.start(
      startConfig({
        ...process.env,
        STEWARD_DATA_DIR: dataDir,
        STEWARD_PORT: '0',
        STEWARD_ADMIN_PASSWORD: PASSWORD,
      }),
      { onNote: () => undefined, onFirstAdministrator: () => undefined },
    );
    const nobody = new StewardClient({ url: platform.entryUrl });
    const { token } = await nobody.post<{ token: string }>('/governance/v1/login', {
      user: 'administrator',
      password: PASSWORD,
    });
    asAdministrator = nobody.as(token);
    const context = {
      platform,
      administrator: asAdministrator,
      options: demoOptions([]),
      summary: {},
      tokens: {},
      sent: [],
      say: () => undefined,
    } as unknown as DemoContext;
    for (const step of [people, ingest, train]) await step.run(context);
    context.inference.close();
    project = context.project;
    browser = await launchChromium();
    [administrator, engineer, approver, auditor] = (await Promise.all(
      Array.from({ length: 4 }, () => PersonAtBrowser.open(browser, platform.entryUrl)),
    )) as [PersonAtBrowser, PersonAtBrowser, PersonAtBrowser, PersonAtBrowser];
    await administrator.logIn('administrator', PASSWORD);
    await engineer.logIn('engineer-1', passwordOf('engineer'));
    await approver.logIn('approver-1', passwordOf('approver'));
    await auditor.logIn('auditor-1', passwordOf('auditor'));
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
    await EmbeddedPostgres.remove(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  }, 60_000);

  it('makes a report, verifies it here, shows what is missing and its content, and finds a changed file', async () => {
    const { page } = auditor;
    await auditor.goTo(`/projects/${project}/reports`);
    await says(auditor, 'No report was made yet.');
    await main(auditor).getByRole('button', { name: 'New report' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Kind').selectOption('technical-documentation');
    await dialog.getByLabel('Model', { exact: false }).last().selectOption('approval');
    await dialog.getByRole('button', { name: 'Make the report' }).click();
    await main(auditor).getByText('Verified by this browser').waitFor({ timeout: 60_000 });
    expect(await main(auditor).getByText('holds', { exact: true }).count()).toBe(9);
    await main(auditor)
      .getByRole('cell', { name: /the provider: Steward holds no such document/ })
      .first()
      .waitFor();
    const content = page.frameLocator('iframe');
    await content.getByRole('heading', { level: 1 }).waitFor();
    await examine(auditor, 'report');
    const download = page.waitForEvent('download');
    await main(auditor).getByRole('link', { name: 'Download PDF' }).click();
    const file = await (await download).path();
    await page.locator('input[type=file]').setInputFiles(file);
    await says(auditor, /PDF file, byte for byte/);
    await page.locator('input[type=file]').setInputFiles(__filename);
    await says(auditor, /none of this report’s files/);
    await page.route('**/files/csv', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${await response.text()}x` });
    });
    await main(auditor).getByRole('button', { name: 'Verify again' }).click();
    await says(auditor, 'This report does NOT verify');
    await page.unroute('**/files/csv');
    await auditor.goTo('/reports');
    await main(auditor)
      .getByRole('link', { name: /Technical documentation/ })
      .waitFor();
    await examine(auditor, 'reports');
    await auditor.goTo('/reports/nothing');
    await main(auditor).getByRole('alert').first().waitFor();
  }, 120_000);

  it('reviews who had which right and who used it', async () => {
    await auditor.goTo('/access-review');
    await says(auditor, 'No access review yet');
    await auditor.ask('New report', {}, 'Make the report');
    await main(auditor).getByText('Verified by this browser').waitFor({ timeout: 60_000 });
    await auditor.goTo('/access-review');
    await main(auditor).getByRole('heading', { name: 'Not used' }).waitFor();
    await main(auditor)
      .getByRole('cell', { name: /officer-1/ })
      .first()
      .waitFor();
    await examine(auditor, 'access-review');
  }, 90_000);

  it('discusses a request: comment, evidence by its digest, requested changes and their answer', async () => {
    await until('the approval request', 60_000, async () => {
      await approver.goTo(`/projects/${project}/approvals`);
      return (
        (await main(approver)
          .getByRole('link', { name: /approval version 1/ })
          .count()) > 0
      );
    });
    await main(approver)
      .getByRole('link', { name: /approval version 1/ })
      .click();
    await says(approver, 'Nobody has commented.');
    await approver.ask('Add a comment', { Comment: `Which season is this? ${HOSTILE}` });
    await says(approver, /Which season is this/);
    await main(approver).getByRole('button', { name: 'Attach a file' }).click();
    const dialog = approver.page.getByRole('dialog');
    await dialog.getByLabel('What it is').fill(`Minutes ${HOSTILE}`);
    await dialog.locator('input[type=file]').setInputFiles(__filename);
    await dialog.getByRole('button', { name: 'Attach a file' }).click();
    await main(approver)
      .getByRole('button', { name: /^Check the digest/ })
      .click();
    await says(approver, 'digest holds');
    await approver.ask(
      'Attach by digest',
      { 'What it is': 'Nothing', 'SHA-256': '0'.repeat(64) },
      'Attach by digest',
      'refused',
    );
    await approver.page.keyboard.press('Escape');
    await approver.ask('Request changes', { 'What to change': 'Say which season.' });
    await says(approver, 'changes requested');
    await examine(approver, 'approval-discussed');
    await engineer.goTo(new URL(approver.page.url()).pathname.replace('/console', ''));
    await engineer.ask('Answer the requested changes', { Answer: 'It is the winter of 2025.' });
    await says(engineer, /changes were asked for and answered/);
  }, 150_000);

  it('shows and changes approval policies, and delegates', async () => {
    await administrator.goTo(`/projects/${project}/approval-policies`);
    await says(administrator, 'default');
    await administrator.ask('Change', { 'Smallest AUC': '0.71' }, 'Set the policy');
    await says(administrator, /AUC 0.71 or more/);
    const form = { Alias: 'challenger', Environment: 'staging', 'Roles whose word counts': 'emperor' };
    await administrator.ask('New policy', form, 'Set the policy', 'refused');
    const dialog = administrator.page.getByRole('dialog');
    await dialog.getByLabel('Roles whose word counts').fill('approver');
    await dialog.getByLabel('Approval may be delegated').check();
    await dialog.getByRole('button', { name: 'Set the policy' }).click();
    await main(administrator).getByRole('cell', { name: 'challenger' }).waitFor();
    await examine(administrator, 'approval-policies');
    await approver.goTo(`/projects/${project}/delegations`);
    await says(approver, 'Nobody has delegated.');
    const delegate = approver.page.getByRole('dialog');
    await main(approver).getByRole('button', { name: 'Delegate', exact: true }).click();
    await approver.examineDialog('Delegate');
    await approver.choose('To', 'engineer');
    await delegate.getByLabel('From').fill('2026-01-01T08:00');
    await delegate.getByLabel('Until').fill('2099-01-01T08:00');
    await delegate.getByLabel('Reason').fill(`Away. ${HOSTILE}`);
    await delegate.getByRole('button', { name: 'Delegate' }).click();
    await delegate.getByRole('alert').waitFor();
    const inDays = (days: number): string =>
      new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16);
    await approver.page.getByRole('dialog').getByLabel('From').fill(inDays(-1));
    await approver.page.getByRole('dialog').getByLabel('Until').fill(inDays(7));
    await approver.page.getByRole('dialog').getByRole('button', { name: 'Delegate' }).click();
    await says(approver, 'in force');
    await examine(approver, 'delegations');
    await approver.ask('Take back');
    await says(approver, 'taken back');
  }, 150_000);

  it('edits a role as rows and as text, says what is wrong, and previews what it may do', async () => {
    const { page } = administrator;
    const form = main(administrator).getByRole('form', { name: 'Role' });
    const text = main(administrator).getByLabel('Rules as text');
    await administrator.goTo('/roles');
    await main(administrator).getByRole('link', { name: 'New role' }).click();
    await administrator.settled();
    await form.getByLabel('Name').fill('tuner');
    await form.getByLabel('What for').fill(`Moves aliases. ${HOSTILE}`);
    await form.getByRole('button', { name: 'Add a rule' }).click();
    await form.getByText('Choose at least one kind of object.').waitFor();
    await administrator.choose('Rule 1: actions', 'update');
    await administrator.choose('Rule 1: objects', 'user');
    await form.getByText(/would let people update User/).waitFor();
    await page.getByRole('combobox', { name: 'Rule 1: objects' }).focus();
    await page.keyboard.press('Backspace');
    await administrator.choose('Rule 1: objects', 'model alias');
    await form.getByRole('button', { name: 'Add a condition to rule 1' }).click();
    await form.getByLabel('Rule 1, condition 1: field').selectOption('alias');
    await form.getByText('Say a value for the condition on alias, or take the condition away.').waitFor();
    await form.getByLabel('Rule 1, condition 1: operator').selectOption('$nin');
    await page.getByRole('combobox', { name: 'Rule 1, condition 1: values' }).fill('champion');
    await page.keyboard.press('Enter');
    await form.getByRole('button', { name: 'Add a rule' }).click();
    await administrator.choose('Rule 2: actions', 'delete');
    await administrator.choose('Rule 2: objects', 'run');
    await form.getByLabel('Own objects only').check();
    expect(await text.inputValue()).toMatch(/createdBy: \$self/);
    await text.fill(`${await text.inputValue()}- action: [read`);
    await says(administrator, /^Line \d+ cannot be read/);
    await main(administrator).getByText('JSON', { exact: true }).click();
    expect(JSON.parse(await text.inputValue())).toHaveLength(2);
    await main(administrator).getByText('YAML', { exact: true }).click();
    const may = main(administrator).getByRole('table', { name: 'What this role may do' });
    await may.getByRole('row', { name: /model alias.*update/ }).waitFor();
    await main(administrator).getByLabel('of alias name').fill('champion');
    await main(administrator).getByRole('button', { name: 'Try' }).click();
    await main(administrator)
      .getByText(/because alias is champion/)
      .waitFor();
    await examine(administrator, 'role-editor');
    await form.getByRole('combobox', { name: 'Rule 2: actions' }).click();
    await page.locator('[role="option"]:visible').first().waitFor();
    expect(await administrator.violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await form.getByRole('button', { name: 'Make the role' }).click();
    await main(administrator).getByRole('heading', { name: 'Role tuner' }).waitFor();
    await main(administrator).getByRole('cell', { name: 'createdBy is $self' }).waitFor();
    await main(administrator).getByRole('link', { name: 'Change' }).click();
    await administrator.settled();
    await form.getByRole('button', { name: 'Take away rule 2' }).click();
    await form.getByRole('button', { name: 'Change the role' }).click();
    await main(administrator).getByText('createdBy is $self').waitFor({ state: 'detached' });
  }, 90_000);

  it('plans the policy from a file, shows what differs, and applies it as planned', async () => {
    const { page } = administrator;
    await administrator.goTo('/policy');
    const current = await main(administrator).getByLabel('The policy as YAML').inputValue();
    const download = page.waitForEvent('download');
    await main(administrator).getByRole('button', { name: 'Download policy.yaml' }).click();
    expect(readFileSync(await (await download).path(), 'utf8')).toBe(current);
    const wanted = main(administrator).getByLabel('Policy in YAML or JSON');
    const plan = main(administrator).getByRole('button', { name: 'Plan', exact: true });
    await wanted.fill('roles: [unclosed');
    await plan.click();
    await says(administrator, /^Line \d+ cannot be read/);
    await wanted.fill(current.replace('role: auditor', 'role: emperor'));
    await plan.click();
    await says(administrator, /there is no role emperor/);
    const file = join(dataDir, 'policy.yaml');
    writeFileSync(file, current.replace('- champion', '- champion\n              - canary'));
    await page.locator('input[type=file]').setInputFiles(file);
    await plan.click();
    await says(administrator, '1 step, all or none.');
    await main(administrator).getByRole('cell', { name: 'a role is changed' }).waitFor();
    await main(administrator)
      .getByText(/^\+ +- canary$/)
      .waitFor();
    await examine(administrator, 'policy');
    await administrator.ask('Apply', {}, 'Take 1 step');
    await says(administrator, '1 step taken.');
    await plan.click();
    await says(administrator, 'Nothing differs.');
  }, 60_000);

  it('says why something is denied: by a link from the refusal, for oneself and for who is asked', async () => {
    await engineer.goTo('/roles');
    await main(engineer).getByRole('link', { name: 'Why?' }).click();
    await main(engineer)
      .getByRole('heading', { name: /May you read role of no project/ })
      .waitFor();
    await main(engineer).getByText('denied', { exact: true }).waitFor();
    const { items } = await asAdministrator.get<{ items: { id: string; user: string }[] }>(
      '/governance/v1/users',
    );
    const { id } = items.find(({ user }) => user === 'officer-1')!;
    const roles = ['tuner', 'privacy-officer'].map((role) => ({ role, project }));
    await asAdministrator.put(`/governance/v1/users/${id}/roles`, { roles });
    const question = `action=update&subject=ModelAlias&project=${project}&alias=champion&person=${id}`;
    await administrator.goTo(`/access/why?${question}`);
    await main(administrator).getByText('does not apply', { exact: true }).waitFor();
    await main(administrator)
      .getByRole('cell', { name: 'alias is none of champion, canary: it is champion' })
      .waitFor();
    await examine(administrator, 'why');
    await main(administrator).getByLabel('Action', { exact: true }).selectOption('approve');
    await main(administrator).getByLabel('Kind of object').selectOption('ApprovalRequest');
    await main(administrator).getByRole('button', { name: 'Ask' }).click();
    await says(administrator, /speaks of approve ApprovalRequest/);
    await administrator.goTo(`/access/why?${question.replace('champion', 'shadow')}`);
    await main(administrator).getByText('decided', { exact: true }).waitFor();
    await engineer.goTo(`/access/why?action=read&subject=Model&project=${project}&person=somebody`);
    await main(engineer).getByRole('alert').waitFor();
    await engineer.goTo('/access/why');
    await says(engineer, 'Say what is to be done, and to what kind of object.');
  }, 60_000);

  it('breaks the glass: banner while it lasts, others told on every page, review signed by another', async () => {
    await engineer.goTo(`/projects/${project}/emergencies`);
    const dialog = engineer.page.getByRole('dialog');
    await main(engineer).getByRole('button', { name: 'Break glass' }).click();
    await engineer.examineDialog('Break glass');
    await dialog.getByLabel('Reason').fill(`Nobody is on call tonight. ${HOSTILE}`);
    await dialog.getByLabel('Minutes').fill('30');
    await dialog.getByRole('combobox', { name: 'Role' }).fill('approver');
    await dialog.getByText('There is no such role that can be taken.').waitFor();
    await engineer.choose('Role', 'privacy');
    await dialog.getByRole('button', { name: 'Take the role now' }).click();
    await says(engineer, /You hold the role privacy-officer/);
    await administrator.goTo('/projects');
    await main(administrator)
      .getByRole('link', { name: /^Look at it/ })
      .click();
    await says(administrator, /Nobody is on call tonight/);
    expect(await main(administrator).getByRole('button', { name: 'Sign the review' }).count()).toBe(0);
    await examine(administrator, 'emergency');
    await engineer.ask('End it now');
    await main(engineer)
      .getByText(/You hold the role/)
      .waitFor({ state: 'detached', timeout: 30_000 });
    await administrator.ask('Sign the review', {
      'Was it justified?': 'no',
      'In words': 'Somebody was on call.',
    });
    await says(administrator, 'not justified');
    await administrator.goTo(`/projects/${project}/emergencies`);
    await main(administrator).getByRole('cell', { name: 'privacy-officer' }).waitFor();
    await examine(administrator, 'emergencies');
    expect(await main(administrator).getByText('Review it').count()).toBe(0);
  }, 120_000);

  it('sets up a second factor by QR code, shows recovery codes once, and turns it off by the password', async () => {
    const { page } = engineer;
    await engineer.goTo('/account');
    await main(engineer).getByRole('button', { name: 'Set up a second factor' }).click();
    const dialog = main(engineer);
    await dialog.getByRole('button', { name: 'Begin' }).click();
    await dialog.getByRole('img', { name: /QR code/ }).waitFor();
    await examine(engineer, 'second-factor');
    const secret = (await dialog.getByLabel('Key').innerText()).trim();
    const wrong = codeOf(secret) === '000000' ? '000001' : '000000';
    await dialog.getByLabel('Code that the app shows').fill(wrong);
    await dialog.getByRole('button', { name: 'Confirm' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Code that the app shows').fill(codeOf(secret));
    await dialog.getByRole('button', { name: 'Confirm' }).click();
    await dialog.getByText('they are not shown again').waitFor();
    await dialog.getByRole('button', { name: 'I have kept them' }).click();
    await main(engineer).getByText('confirmed', { exact: true }).waitFor();
    const off = 'Turn off the second factor';
    await engineer.ask(off, { Password: 'wrong-password-here' }, off, 'refused');
    // A wrong password ends no session.
    await page.getByRole('dialog').getByRole('textbox', { name: 'Password' }).fill(passwordOf('engineer'));
    await page.getByRole('dialog').getByRole('button', { name: off }).click();
    await main(engineer).getByRole('button', { name: 'Set up a second factor' }).waitFor();
  }, 60_000);

  it('ran no script of others, and broke no line of the content security policy', () => {
    expect([administrator, engineer, approver, auditor].flatMap(({ faults }) => faults)).toEqual([]);
  });
});
