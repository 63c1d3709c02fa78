import { visibleText } from '../visible-text';

/** Markup that is safe as it is; only `html` and `raw` make it. */
export class Html {
  constructor(readonly text: string) {}
}

/** What may stand in a template: text and numbers are escaped, Html stands as it is, lists are joined. */
export type Content = string | number | Html | null | undefined | false | readonly Content[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Text for HTML content and quoted attributes. */
export function escape(text: string): string {
  return visibleText(text).replace(/[&<>"'`]/g, (char) => ESCAPES[char]!);
}

/** The constant parts of a template on one line: a line break in the source says as much as a space. */
const parts = new WeakMap<TemplateStringsArray, readonly string[]>();

function partsOf(template: TemplateStringsArray): readonly string[] {
  const known = parts.get(template);
  if (known) return known;
  const made = template.map((part) => part.replace(/\s*\n\s*/g, ' '));
  parts.set(template, made);
  return made;
}

/** Tagged template: everything that is put in is escaped unless it is Html itself. */
export function html(template: TemplateStringsArray, ...values: readonly Content[]): Html {
  const constants = partsOf(template);
  let text = constants[0]!;
  values.forEach((value, at) => (text += rendered(value) + constants[at + 1]!));
  return new Html(text);
}

/** Only for constants of this program. */
export const raw = (text: string): Html => new Html(text);

function rendered(value: Content): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'string') return escape(value);
  if (typeof value === 'number') return String(value);
  return value.map(rendered).join('');
}
