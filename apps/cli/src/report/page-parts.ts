import { isId } from '@steward/kernel';
import { figure as decimals, time } from '../format';
import { html, type Content, type Html } from './html';
import type { Part } from './report-data';

/** How something is judged; always said in words and by a sign, never by colour alone. */
export type Tone = 'good' | 'bad' | 'open' | 'plain';

const SIGNS: Readonly<Record<Tone, string>> = { good: '\u2713', bad: '\u2715', open: '\u25cb', plain: '' };

export const pill = (tone: Tone, text: string): Html =>
  html`<span class="pill ${tone}">${SIGNS[tone]}${SIGNS[tone] === '' ? '' : ' '}${text}</span>`;

export function section(id: string, title: string, lead: Content, ...body: readonly Content[]): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${lead ? html`<p class="lead">${lead}</p>` : ''}${body}
  </section>`;
}

/** The part's section body, or that it is missing and why. */
export function shown<T>(part: Part<T>, body: (value: T) => Content): Content {
  return part.found ? body(part.value) : missing(part.why);
}

export const missing = (why: string): Html => html`<p class="missing"><strong>Missing.</strong> ${why}</p>`;

export const nothing = (text: string): Html => html`<p class="nothing">${text}</p>`;

/** A head that begins with # stands over numbers. */
export function dataTable(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly Content[])[],
): Html {
  const numeric = heads.map((head) => head.startsWith('#'));
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
    <table${heads.length <= 3 ? html` class="narrow"` : ''}>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads.map((head, at) => html`<th scope="col" ${cls(numeric[at])}>${head.replace(/^#/, '')}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, at) =>
                at === 0
                  ? html`<th scope="row" ${cls(numeric[at])}>${cell}</th>`
                  : html`<td${cls(numeric[at])}>${cell}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const cls = (numeric: boolean | undefined): Html | '' => (numeric ? html` class="number"` : '');

/** A picture with its title and what it shows in words. */
export function chart(title: string, picture: Html, note: Content = ''): Html {
  return html`<figure>
    <figcaption><strong>${title}</strong>${note ? html` <span>${note}</span>` : ''}</figcaption>
    <div class="scroll">${picture}</div>
  </figure>`;
}

export function legend(...entries: readonly (readonly [className: string, text: string])[]): Html {
  return html`<span class="legend"
    >${entries.map(
      ([name, text]) =>
        html`<span class="key"
          ><svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">
            <rect class="${name}" width="12" height="12" rx="2" /></svg
          >${text}</span
        >`,
    )}</span
  >`;
}

export function facts(pairs: readonly (readonly [string, Content])[]): Html {
  return html`<dl class="facts">
    ${pairs.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** A digest: its beginning to read, the whole to copy. */
export function digest(value: string | null | undefined): Html | string {
  return value ? html`<code title="${value}">${value.slice(0, 12)}</code>` : '-';
}

/** An id: its end to read (ids begin with their time, so beginnings are alike), the whole to copy. Names stay whole. */
export const identifier = (value: string): Html | string =>
  isId(value) ? html`<code title="${value}">…${value.slice(-12)}</code>` : value;

export const moment = (iso: string | null | undefined): Html | string =>
  iso ? html`<time datetime="${iso}">${time(iso)}</time>` : '-';

export const rate = (value: number | null | undefined, digits = 3): string => decimals(value, digits);

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** 0.912 (0.880 to 0.941). */
export function interval(
  estimate:
    | { readonly value: number; readonly lower: number | null; readonly upper: number | null }
    | null
    | undefined,
): string {
  if (!estimate) return 'too little data';
  const { value, lower, upper } = estimate;
  return lower === null || upper === null ? rate(value) : `${rate(value)} (${rate(lower)} to ${rate(upper)})`;
}
