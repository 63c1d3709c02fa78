import { createHash } from 'node:crypto';
import { escape, html } from './html';
import { missingSections, type ReportData } from './report-data';
import { someReport } from './report-data.factory';
import { renderReport } from './render-report';

const HOSTILE = `"'\`><script>alert(1)</script><img src=x onerror=alert(1)></style></title><svg onload=alert(1)>\u202e`;

/** Every text of the data made hostile, except moments, which charts compute with, and the words of closed lists. */
function poisoned<T>(value: T, key = ''): T {
  if (typeof value === 'string')
    return (/At$|^time$|^(state|verdict|trigger|kind)$/.test(key) ? value : `${value}${HOSTILE}`) as T;
  if (value instanceof Map)
    return new Map([...value].map(([name, each]) => [poisoned(name), poisoned(each)] as const)) as T;
  if (Array.isArray(value)) return value.map((each) => poisoned(each as unknown, key)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(
    ([name, each]) => [name, poisoned(each as unknown, name)] as const,
  );
  return Object.fromEntries(entries) as T;
}

const TAGS = new Set(
  `html head meta title style body div header p h1 h2 h3 small strong nav ul li a main section article dl dt dd span time code
   figure figcaption table caption thead tbody tr th td ol br svg g line text circle rect polyline footer`.split(
    /\s+/,
  ),
);

/** Tags with their attributes, outside of the one style element. */
function tagsOf(page: string): { name: string; attributes: string }[] {
  const body = page.replace(/<style>[\s\S]*?<\/style>/, '');
  return [...body.matchAll(/<([a-zA-Z][^\s/>]*)((?:\s+[^\s=>/]+(?:="[^"]*")?)*)\s*\/?>/g)].map(
    ([, name = '', attributes = '']) => ({
      name,
      attributes,
    }),
  );
}

describe('renderReport', () => {
  const page = renderReport(someReport());

  it('shows every section with the figures of the services', () => {
    for (const text of [
      '1,200',
      'range 12',
      'Too few rows.',
      '2.857',
      'waived by bob',
      'A pilot.',
      'ada (started run)',
      'Entry 1 was changed.',
      'NOT VALID',
      'waiting for outcomes',
    ])
      expect(page).toContain(text);
    expect(page.match(/<h2 /g)).toHaveLength(12);
  });

  it('links its table of contents to sections that are there', () => {
    const links = [...page.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id);
    expect(links).toHaveLength(12);
    for (const id of links) expect(page).toContain(`<section id="${id}"`);
  });

  it('allows its own stylesheet and nothing else', () => {
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
    expect(page.match(/<style/g)).toHaveLength(1);
    expect(page).not.toMatch(/\sstyle=|\shref="[^#]|\ssrc=/);
  });

  it('lets no text of the data become markup', () => {
    const data: ReportData = poisoned(someReport());
    const poison = renderReport({ ...data, evaluations: someReport().evaluations });
    for (const { name, attributes } of tagsOf(poison)) {
      expect(TAGS).toContain(name);
      // Names of attributes alone: what stands between quotes is text.
      expect(attributes.replace(/"[^"]*"/g, '')).not.toMatch(/(^|\s)(on\w+|src|srcdoc|style)=/i);
    }
    expect(poison).not.toMatch(/<script|<img|onload=alert\(1\)>|\u202e/);
    expect(poison.match(/<\/style>/g)).toHaveLength(1);
    expect(poison).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('lets no name in charts become markup either', () => {
    const data = someReport();
    const evaluations = new Map(
      [...data.evaluations].map(([version, part]) => [version, poisoned(part)] as const),
    );
    const poison = renderReport({ ...data, evaluations });
    for (const { name } of tagsOf(poison)) expect(TAGS).toContain(name);
    expect(poison).not.toMatch(/<script|<img/);
  });

  it('says what is missing and why', () => {
    const gone = { found: false as const, why: 'You may not read <this>.' };
    const data: ReportData = {
      ...someReport(),
      approvals: gone,
      audit: gone,
      windows: gone,
      runs: gone,
      datasets: [gone],
      aliases: gone,
      alerts: gone,
      monitors: gone,
      retrainRequests: gone,
      evaluations: new Map([[1, gone]]),
    };
    const poor = renderReport(data);
    expect(missingSections(data).map(({ section }) => section)).toContain('audit log');
    expect(poor).toContain('Missing: dataset applications, runs, evaluation of version 1, approvals');
    expect(poor.match(/You may not read &lt;this&gt;\./g)!.length).toBeGreaterThanOrEqual(9);
  });

  it('draws a model of which nothing but its registration is known', () => {
    const none = { found: true as const, value: [] };
    const data: ReportData = {
      ...someReport(),
      approvals: none,
      windows: none,
      runs: none,
      alerts: none,
      monitors: none,
      retrainRequests: none,
      datasets: [],
      datasetNames: [],
      evaluations: new Map(),
      aliases: { found: true, value: { current: [], history: [] } },
    };
    expect(renderReport(data)).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('computes no picture from what is not a number', () =>
    expect(page).not.toMatch(/NaN|Infinity|undefined/));
});

describe('html', () => {
  it('escapes everything but its own markup', () => {
    expect(html`<p title="${'"'}">${['<', html`<b>&</b>`, null, false, 3]}</p>`.text).toBe(
      '<p title="&quot;">&lt;<b>&</b>3</p>',
    );
    expect(escape('\u0000a\u001bb')).toBe('\u2400a\u241bb');
  });
});
