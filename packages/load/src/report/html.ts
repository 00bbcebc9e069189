/** Text that may stand in HTML, between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A cell of a table: text, or a figure, which stands to the right. */
export type Cell = string | { readonly figure: string };

/** A table that scrolls by itself where the window is too narrow for it; empty without rows. */
export function tableHtml(head: readonly Cell[], rows: readonly (readonly Cell[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly Cell[], tag: 'td' | 'th'): string => {
    const inner = cells.map((cell) =>
      typeof cell === 'string'
        ? `<${tag}>${escapeHtml(cell)}</${tag}>`
        : `<${tag} class="n">${escapeHtml(cell.figure)}</${tag}>`,
    );
    return `<tr>${inner.join('')}</tr>`;
  };
  const top = head.length === 0 ? '' : `<thead>${line(head, 'th')}</thead>`;
  const body = rows.map((row) => line(row, 'td')).join('\n');
  return `<div class="scroll"><table>${top}<tbody>${body}</tbody></table></div>`;
}

/** A list; empty without texts. */
export function listHtml(texts: readonly string[]): string {
  if (texts.length === 0) return '';
  return `<ul>${texts.map((text) => `<li>${escapeHtml(text)}</li>`).join('')}</ul>`;
}

/** A whole page that needs nothing from elsewhere. `body` is HTML. */
export function pageHtml(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><style>${style}</style></head><body>
<h1>${escapeHtml(title)}</h1>
${body}
</body></html>
`;
}

const style = `
:root{--text:#222;--faint:#6b6b6b;--rule:#d9d9d9;--even:#f3f3f3;--odd:#e6edf5;--box:#f6f6f6;--good:#00734a;--bad:#b3261e;--doubt:#8a5d00;--page:#fff}
@media (prefers-color-scheme:dark){:root{--text:#e6e6e6;--faint:#a0a0a0;--rule:#3d3d3d;--even:#232323;--odd:#232a33;--box:#1f1f1f;--good:#3fca8d;--bad:#ff8a80;--doubt:#e6b450;--page:#161616}}
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem;color:var(--text);background:var(--page)}
h1{font-size:1.5rem;margin-bottom:.3rem}h2{font-size:1.15rem;margin-top:2rem}
table{border-collapse:collapse}td,th{padding:.15rem .6rem;border-bottom:1px solid var(--rule);text-align:left;vertical-align:top}
th{font-weight:600}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td:last-child:not(.n){min-width:min(20rem,60vw)}.scroll{overflow-x:auto}.faint,.unit,.band{color:var(--faint);fill:var(--faint)}.unit{font-weight:400;font-size:.85rem}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:.5rem 1.5rem}
figure{margin:.6rem 0}figcaption{font-weight:600}figure>svg{width:100%;height:auto;font-size:12px;fill:var(--text)}
.grid{stroke:var(--rule);stroke-width:.7}.band{font-size:11px}.even{fill:var(--even)}.odd{fill:var(--odd)}
.line{fill:none;stroke-width:1.7;stroke-linejoin:round}
.legend{margin:.1rem 0;line-height:1.3}.legend span{margin-right:.9rem;font-size:.85rem;white-space:nowrap}.key{width:22px;height:6px;margin-right:.35em;vertical-align:middle}
.strip{width:9rem;height:1.4rem;vertical-align:middle;overflow:visible}
.verdict{font-size:1.4rem;font-weight:700;margin:.2rem 0}.pass{color:var(--good)}.fail{color:var(--bad)}.inconclusive,.doubt{color:var(--doubt)}
pre{background:var(--box);padding:.6rem;overflow:auto;font-size:12px}ul{margin:.2rem 0 .2rem 1.2rem;padding:0}
@media print{body{max-width:none;margin:0}figure{break-inside:avoid}}`;
