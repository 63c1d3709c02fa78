import { createHash } from 'node:crypto';
import { html, raw, type Html } from './html';
import { moment } from './page-parts';
import { missingSections, type ReportData } from './report-data';
import { REPORT_STYLE } from './report-style';
import { alertsSection, windowsSection } from './sections/monitoring';
import { aliasSection, approvalsSection } from './sections/approvals';
import { auditSection } from './sections/audit';
import { contractSection, dataSection, quarantineSection } from './sections/data';
import { fairnessSection } from './sections/fairness';
import { summarySection } from './sections/summary';
import { metricsSection, runsSection } from './sections/training';

const SECTIONS: readonly (readonly [id: string, title: string, make: (data: ReportData) => Html])[] = [
  ['summary', 'Summary', summarySection],
  ['data', 'Data', dataSection],
  ['contract', 'Contract', contractSection],
  ['quarantine', 'Quarantine', quarantineSection],
  ['runs', 'Runs', runsSection],
  ['metrics', 'Metrics', metricsSection],
  ['fairness', 'Fairness', fairnessSection],
  ['approvals', 'Approvals', approvalsSection],
  ['aliases', 'Alias history', aliasSection],
  ['monitoring', 'Monitoring', windowsSection],
  ['alerts', 'Alerts', alertsSection],
  ['audit', 'Audit proofs', auditSection],
];

/** Only the one stylesheet, named by its hash: no script, no request, no form, whatever stands in the data. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(REPORT_STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** Exactly the bytes that the policy names. */
const STYLE = raw(`<style>${REPORT_STYLE}</style>`);

/** The whole report: one HTML document that needs nothing else. */
export function renderReport(data: ReportData): string {
  const missing = missingSections(data);
  const page = html`${raw('<!doctype html>')}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${raw(POLICY)}" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="generator" content="steward report" />
        <title>Model report: ${data.model}, project ${data.project}</title>
        ${STYLE}
      </head>
      <body>
        <div class="sheet">
          <header>
            <p class="kicker">Model report, project ${data.project}</p>
            <h1>${data.model}</h1>
            <p class="made">
              Made ${moment(data.madeAt)} UTC${data.madeBy ? ` by ${data.madeBy}` : ''} from ${data.source}.
              Every figure is what Steward's services answered then.
            </p>
            ${
              missing.length > 0
                ? html`<p class="missing">
                    <strong>Not complete.</strong> Missing:
                    ${missing.map(({ section }) => section).join(', ')}.
                  </p>`
                : ''
            }
            <nav aria-label="Sections">
              <ul>
                ${SECTIONS.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}
              </ul>
            </nav>
          </header>
          <main>${SECTIONS.map(([, , make]) => make(data))}</main>
          <footer>
            Written by <code>steward report</code>. Audit entries hold no personal data; reasons and names are
            shown as far as the maker of this report may read them.
          </footer>
        </div>
      </body>
    </html> `;
  return page.text;
}
