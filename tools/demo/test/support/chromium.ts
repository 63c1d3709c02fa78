import { existsSync, readFileSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const chromiumPath = [process.env.STEWARD_TEST_CHROMIUM, ...PLACES].find((path) => path && existsSync(path));

/** A suite that needs a browser: skipped with a loud line where there is none; in CI that is a failure. */
export function describeInChromium(name: string, suite: () => void): void {
  if (chromiumPath) {
    describe(name, suite);
  } else if (process.env.CI) {
    describe(name, () => {
      it('has what it needs', () => {
        throw new Error('This suite needs Chromium, and in CI it must not be skipped.');
      });
    });
  } else {
    process.stderr.write(`\n*** SKIPPED: "${name}" needs Chromium, which is not installed. ***\n\n`);
    describe.skip(name, suite);
  }
}

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath!, args: ['--no-sandbox', '--disable-gpu'] });

/** A line of axe's report: which rule, where. */
interface AxeViolation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
}

const [WIDTH, HEIGHT, HIGHEST] = [1280, 800, 2_600] as const;
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
/** Names of the dialogs that axe has looked at. */
const EXAMINED = new Set<string>();
const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * A person's browser: a session of its own. Keeps what must not happen: errors of scripts, and what the content security
 * policy refused.
 */
export class PersonAtBrowser {
  readonly faults: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly entryUrl: string,
  ) {
    page.on('pageerror', (error) => this.faults.push(`script: ${error.message}`));
    page.on('dialog', (dialog) => {
      this.faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) this.faults.push(`policy: ${message.text()}`);
    });
  }

  static async open(browser: Browser, entryUrl: string): Promise<PersonAtBrowser> {
    const context = await browser.newContext({
      viewport: { width: WIDTH, height: HEIGHT },
      locale: 'en-GB',
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
      colorScheme: 'light',
    });
    context.setDefaultTimeout(20_000);
    return new PersonAtBrowser(context, await context.newPage(), entryUrl);
  }

  async close(): Promise<void> {
    await this.context.close();
  }

  /** Opens a page of the console by its address and waits until nothing is loading. */
  async goTo(path: string): Promise<void> {
    await this.page.goto(`${this.entryUrl}/console${path}`);
    await this.settled();
  }

  async settled(): Promise<void> {
    await this.page.locator('h1').first().waitFor();
    await this.page.locator('[aria-label^="Loading"]').first().waitFor({ state: 'detached' });
  }

  async logIn(user: string, password: string): Promise<void> {
    await this.goTo('/');
    await this.page.getByLabel('User').fill(user);
    await this.page.getByRole('textbox', { name: 'Password' }).fill(password);
    await this.page.getByRole('button', { name: 'Log in' }).click();
    await this.page.getByRole('button', { name: 'Log out' }).waitFor();
  }

  /**
   * Opens a dialog by its button, fills fields by their labels, and does it. Waits until the dialog is gone, or until it
   * says why not; `told`: it stays and tells something.
   */
  async ask(
    button: string,
    fields: Readonly<Record<string, string>> = {},
    doIt: string = button,
    outcome: 'done' | 'refused' | 'told' = 'done',
  ): Promise<void> {
    await this.page.getByRole('main').getByRole('button', { name: button, exact: true }).first().click();
    const dialog = this.page.getByRole('dialog');
    await this.examineDialog(button);
    for (const [label, value] of Object.entries(fields)) {
      const field = dialog.getByLabel(label, { exact: false }).first();
      if ((await field.evaluate((element) => element.tagName)) === 'SELECT') await field.selectOption(value);
      else await field.fill(value);
    }
    await dialog.getByRole('button', { name: doIt, exact: true }).click();
    if (outcome === 'done') await dialog.waitFor({ state: 'hidden' });
    else if (outcome === 'refused') await dialog.getByRole('alert').waitFor();
  }

  /**
   * What axe finds on the page with this dialog open goes to the faults, light and dark; each dialog is looked at once, by
   * whomever it is opened first.
   */
  async examineDialog(name: string): Promise<void> {
    await this.page.getByRole('dialog').waitFor();
    if (EXAMINED.has(name)) return;
    EXAMINED.add(name);
    const light = await this.violations();
    await this.inScheme('dark');
    const dark = await this.violations('color-contrast');
    await this.inScheme('light');
    this.faults.push(
      ...light.map((each) => `dialog ${name}, light: ${each}`),
      ...dark.map((each) => `dialog ${name}, dark: ${each}`),
    );
  }

  /** Chooses in a list that opens below a field and can be searched, by keyboard. */
  async choose(label: string, search: string): Promise<void> {
    const field = this.page.getByRole('combobox', { name: label, exact: true });
    await field.fill(search);
    await this.page.locator('[role="option"]:visible').first().waitFor();
    await this.page.keyboard.press('ArrowDown');
    await this.page.keyboard.press('Enter');
    // Where several may be chosen the list stays open.
    if ((await this.page.locator('[role="option"]:visible').count()) > 0)
      await this.page.keyboard.press('Escape');
  }

  /** What axe finds on the page as it stands, by WCAG 2.2 AA and good practice, or by one rule alone. */
  async violations(rule?: string): Promise<string[]> {
    if (!(await this.page.evaluate<boolean>('"axe" in window'))) await this.page.evaluate(AXE);
    const options = JSON.stringify({
      // What passes or does not apply is counted all the same, and not described node by node.
      resultTypes: ['violations'],
      runOnly: rule ? { type: 'rule', values: [rule] } : { type: 'tag', values: WCAG_22_AA },
    });
    const found = await this.page.evaluate<{ violations: AxeViolation[] }>(`axe.run(${options})`);
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    );
  }

  /** A picture of the whole page, as in a window that is high enough for it. */
  async picture(path: string): Promise<void> {
    await this.page.mouse.move(0, 0);
    const height = await this.page.evaluate<number>('document.documentElement.scrollHeight');
    await this.page.setViewportSize({ width: WIDTH, height: Math.min(Math.max(height, HEIGHT), HIGHEST) });
    await this.page.screenshot({ path });
    await this.page.setViewportSize({ width: WIDTH, height: HEIGHT });
  }

  async inScheme(scheme: 'light' | 'dark'): Promise<void> {
    await this.page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  }
}
