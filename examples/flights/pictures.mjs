/** Pictures of drift reports as SVG, and the table in Markdown. */

const INK = '#1f2933';
const CALM = '#9fb3c8';
const MOVED = '#d9822b';

function svg(width, height, content) {
  const style = `<style>text{font:13px sans-serif;fill:${INK}}.small{font-size:11px}.title{font-weight:bold}</style>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${style}<rect width="100%" height="100%" fill="#fff"/>${content.join('')}</svg>\n`;
}

function text(x, y, content, attributes = '') {
  const safe = String(content).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" ${attributes}>${safe}</text>`;
}

/** From white at 0 to the colour of an alarm at the policy's 0.2. */
function shade(psi) {
  const part = Math.min(1, psi / 0.2);
  const mix = (from, to) => Math.round(from + (to - from) * part);
  return `rgb(${mix(255, 0xd9)},${mix(255, 0x82)},${mix(255, 0x2b)})`;
}

const columnOf = ({ report }, name) => report.columns.find((column) => column.name === name);

/** PSI of every feature in every month; a black frame is an alarm. */
export function monthPicture(months, features) {
  const [left, top, width, height] = [110, 60, 90, 34];
  const content = [text(16, 24, 'PSI against January 2001 (alarm from 0.2)', 'class="title"')];
  months.forEach(({ month }, m) => content.push(text(left + m * width + 8, top - 10, month)));
  features.forEach((name, f) => {
    content.push(text(16, top + f * height + 22, name));
    months.forEach((entry, m) => {
      const { psi, verdict } = columnOf(entry, name);
      const frame = verdict === 'alert' ? `stroke="${INK}" stroke-width="2"` : 'stroke="#fff"';
      const box = `x="${left + m * width}" y="${top + f * height}" width="${width - 4}" height="${height - 4}"`;
      content.push(`<rect ${box} fill="${shade(psi)}" ${frame}/>`);
      content.push(text(left + m * width + 8, top + f * height + 20, psi.toFixed(4)));
    });
  });
  return svg(left + months.length * width + 16, top + features.length * height + 16, content);
}

/** Shares of a column's cells, January beside the month, and each cell's part of the PSI. */
export function sharesPicture(column, month) {
  const cells = column.cells.filter((cell) => cell.referenceCount + cell.currentCount > 0);
  const [left, top, bar, step] = [120, 64, 300, 38];
  const largest = Math.max(...cells.flatMap((cell) => [cell.referenceShare, cell.currentShare]));
  const content = [
    text(16, 24, `${column.name}: ${month} (orange) against January (grey)`, 'class="title"'),
    text(left + bar + 76, 50, 'part of PSI', 'class="small"'),
  ];
  cells.forEach((cell, i) => {
    const y = top + i * step;
    content.push(text(16, y + 20, cell.label));
    [cell.referenceShare, cell.currentShare].forEach((share, side) => {
      const width = ((share / largest) * bar).toFixed(1);
      const fill = side === 0 ? CALM : MOVED;
      content.push(`<rect x="${left}" y="${y + side * 15}" width="${width}" height="14" fill="${fill}"/>`);
      content.push(
        text(left + Number(width) + 6, y + side * 15 + 11, `${(100 * share).toFixed(2)} %`, 'class="small"'),
      );
    });
    content.push(text(left + bar + 76, y + 20, cell.psiContribution.toFixed(5)));
  });
  return svg(left + bar + 170, top + cells.length * step + 8, content);
}

/** One row per feature: PSI per month, and the verdicts. */
export function driftTable(months, features) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [
    line(['feature', ...months.map(({ month }) => month)]),
    line(['---', ...months.map(() => '---')]),
    ...features.map((name) =>
      line([
        name,
        ...months.map((entry) => {
          const { psi, verdict, adjustedPValue } = columnOf(entry, name);
          const proof = adjustedPValue < 0.001 ? ', proved' : '';
          return `${psi.toFixed(4)}${proof}${verdict === 'alert' ? ', **alarm**' : ''}`;
        }),
      ]),
    ),
    line(['rows', ...months.map(({ rows }) => rows.toLocaleString('en'))]),
  ].join('\n');
}
