import { lineChartSvg } from '@steward/documents';
import { missingOf, type Block, type Report, type Section, type Source } from '../report';
import { moment, short } from '../blocks';
import { REPORT_STYLE } from './report-style';
import { describeChart, periodText } from './words';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string =>
  text.replaceAll(/(?!\n)\p{Cc}/gu, '\uFFFD').replaceAll(/[&<>"']/g, (char) => ESCAPES[char]!);

const proof = (source: Source | null): string =>
  source
    ? `<a class="proof" href="#source-${source.digest}" title="${escape(`${source.kind} ${source.id}, SHA-256 ${source.digest}`)}">${short(source.digest)}</a>`
    : '';

/** The report as one HTML file that loads nothing and runs nothing. */
export function renderHtml(report: Report): string {
  const { title, scope, period, sections } = report;
  const about = [
    scope.project && `project ${scope.project}`,
    scope.model && `model ${scope.model}`,
    scope.dataset && `data set ${scope.dataset}`,
  ];
  const missing = missingOf(report);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escape(title)}</title><style>${REPORT_STYLE}</style></head>
<body><main>
<header><p class="kicker">${escape(about.filter(Boolean).join(', ') || 'the whole installation')}</p>
<h1>${escape(title)}</h1>
<p>From ${periodText(period)}. Issued ${moment(report.issuedAt)} UTC by ${escape(report.issuedBy)}. Report ${escape(report.id)}.</p>
<p>Each figure names its evidence by digest; <code>steward report verify</code> checks this file offline.</p></header>
${missing.length > 0 ? `<aside aria-label="What is missing"><h2>Missing</h2><ul>${missing.map(({ section, what, owedBy }) => `<li><strong>${escape(section)}</strong>: ${escape(what)}. Owed by ${escape(owedBy)}.</li>`).join('')}</ul></aside>` : ''}
<nav aria-label="Contents"><ol>${sections.map(({ id, title: name }) => `<li><a href="#${id}">${escape(name)}</a></li>`).join('')}</ol></nav>
${sections.map(sectionHtml).join('\n')}
${sourcesHtml(sections)}
</main></body></html>
`;
}

function sectionHtml({ id, title, basis, blocks, missing }: Section): string {
  return `<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${escape(title)}${basis ? ` <small>${escape(basis)}</small>` : ''}</h2>
${blocks.map(blockHtml).join('\n')}
${missing.map(({ what, owedBy }) => `<p class="missing"><strong>Missing:</strong> ${escape(what)}. Owed by ${escape(owedBy)}.</p>`).join('\n')}</section>`;
}

function blockHtml(block: Block): string {
  switch (block.type) {
    case 'text':
      return `<p>${escape(block.text)}</p>`;
    case 'facts':
      return `<dl>${block.facts.map(({ label, value, source }) => `<div><dt>${escape(label)}</dt><dd>${escape(value)} ${proof(source)}</dd></div>`).join('')}</dl>`;
    case 'chart':
      return `<figure><figcaption>${escape(block.chart.caption)} <span class="legend">${block.chart.series.map(({ name }, at) => `<span class="key key-${at}">${escape(name)}</span>`).join(' ')}</span></figcaption>${lineChartSvg(block.chart, describeChart(block.chart))}</figure>`;
    case 'table': {
      const proved = block.rows.some(({ source }) => source !== null);
      const heads = [...block.columns, ...(proved ? ['evidence'] : [])];
      return `<div class="scroll" tabindex="0" role="region" aria-label="${escape(block.caption)}"><table><caption>${escape(block.caption)}</caption><thead><tr>${heads.map((head) => `<th scope="col">${escape(head)}</th>`).join('')}</tr></thead><tbody>${block.rows
        .map(
          ({ cells, source }) =>
            `<tr>${cells.map((cell, at) => (at === 0 ? `<th scope="row">${escape(cell)}</th>` : `<td>${escape(cell)}</td>`)).join('')}${proved ? `<td>${proof(source)}</td>` : ''}</tr>`,
        )
        .join('')}</tbody></table></div>`;
    }
  }
}

/** Every piece of evidence once, so that the short digests lead somewhere. */
function sourcesHtml(sections: readonly Section[]): string {
  const all = new Map(
    sections.flatMap(({ blocks }) => blocks.flatMap(sourcesOf)).map((source) => [source.digest, source]),
  );
  if (all.size === 0) return '';
  return `<section id="evidence" aria-labelledby="evidence-title"><h2 id="evidence-title">Evidence</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Evidence"><table><caption>What the figures rest on. Events: SHA-256 of the payload as canonical JSON; artifacts: of their bytes</caption><thead><tr><th scope="col">kind</th><th scope="col">id</th><th scope="col">SHA-256</th></tr></thead><tbody>${[
    ...all.values(),
  ]
    .map(
      ({ kind, id, digest }) =>
        `<tr id="source-${digest}"><th scope="row">${kind}</th><td>${escape(id)}</td><td><code>${digest}</code></td></tr>`,
    )
    .join('')}</tbody></table></div></section>`;
}

/** The evidence of a block. */
export function sourcesOf(block: Block): readonly Source[] {
  if (block.type === 'chart') return block.sources;
  if (block.type === 'facts') return block.facts.flatMap(({ source }) => source ?? []);
  return block.type === 'table' ? block.rows.flatMap(({ source }) => source ?? []) : [];
}
