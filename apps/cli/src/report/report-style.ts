/** The report's one stylesheet: light, dark and paper. No fonts and nothing else is loaded from anywhere. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;--page:#fff;--ink:#1b1f24;--soft:#57606a;--line:#d5dbe1;--wash:#f5f7f9;--accent:#0a5bab;--second:#b35900;--good:#17703a;--bad:#b3261e;--mute:#9aa4ae;--on:#fff}
@media (prefers-color-scheme:dark){:root{--page:#10151a;--ink:#e4eaf0;--soft:#9fabb7;--line:#2c3640;--wash:#171e25;--accent:#6fb1f5;--second:#f0a65c;--good:#57c785;--bad:#ff8077;--mute:#5d6975;--on:#10151a}}
*{box-sizing:border-box}
html{scroll-behavior:smooth}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif;font-variant-numeric:tabular-nums}
.sheet{max-width:1020px;margin:0 auto;padding:40px 32px 72px}
header .kicker{margin:0;color:var(--soft);letter-spacing:.02em}
h1{font-size:34px;line-height:1.15;margin:2px 0 10px;letter-spacing:-.015em;overflow-wrap:anywhere}
h2{font-size:22px;margin:0 0 6px;letter-spacing:-.01em}
h3{font-size:16px;margin:26px 0 8px;overflow-wrap:anywhere}
h3 small{font-weight:400;color:var(--soft)}
section{margin-top:52px;padding-top:22px;border-top:2px solid var(--ink)}
p{margin:8px 0;max-width:76ch;overflow-wrap:anywhere}
.lead{color:var(--soft);margin-bottom:16px}
.made{color:var(--soft);margin:0}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:6px 18px;margin:22px 0 0;padding:12px 0;border-top:1px solid var(--line);border-bottom:1px solid var(--line)}
a{color:var(--accent);text-underline-offset:3px}
a:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(240px,1fr));gap:1px;margin:0 0 24px;background:var(--line);border:1px solid var(--line)}
.tile{background:var(--page);padding:14px 16px}
.tile dt{color:var(--soft);font-size:13px}
.tile dd{margin:0}
.tile .value{display:block;font-size:23px;font-weight:600;line-height:1.4;overflow-wrap:anywhere}
.tile .value .pill{font-size:16px}
.tile .note{color:var(--soft);font-size:13px}
.facts{display:grid;gap:0;margin:10px 0 16px;border-top:1px solid var(--line)}
.facts div{display:grid;grid-template-columns:200px minmax(0,1fr);gap:16px;padding:6px 0;border-bottom:1px solid var(--line)}
.facts dt{color:var(--soft)}
.facts dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto;margin:12px 0}
table{border-collapse:collapse;width:100%;font-size:13.5px}
caption{text-align:left;font-weight:600;padding:0 0 6px}
th,td{text-align:left;padding:6px 14px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
thead th{color:var(--soft);font-weight:500;white-space:nowrap;border-bottom-color:var(--ink)}
tbody th{font-weight:500}
.number{text-align:right}
th.number,td.number{padding-right:18px}
td.number,time,td code,th code{white-space:nowrap}
code{font:12.5px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code.value{white-space:pre-wrap;overflow-wrap:anywhere}
code.whole{overflow-wrap:anywhere;white-space:normal}
td .pill{white-space:nowrap}
.pill{font-weight:600;font-size:.93em}
.pill.good{color:var(--good)}.pill.bad{color:var(--bad)}.pill.open{color:var(--soft)}
.counts{columns:3 220px;list-style:none;margin:8px 0 20px;padding:0;font-size:13.5px}
.counts li{display:flex;justify-content:space-between;gap:12px;padding:4px 24px 4px 0;break-inside:avoid}
.missing{border-left:4px solid var(--second);padding:6px 12px;background:var(--wash)}
.nothing{color:var(--soft)}
.timeline{margin:10px 0;padding:0 0 0 20px;border-left:2px solid var(--accent);list-style:none}
.timeline li{position:relative;padding:5px 0}
.timeline li::before{content:"";position:absolute;left:-27px;top:12px;width:10px;height:10px;border-radius:50%;background:var(--accent);border:2px solid var(--page)}
figure{margin:18px 0;min-width:0}
figcaption{margin-bottom:6px;font-size:13.5px}
figcaption span{color:var(--soft)}
.legend{display:inline-flex;flex-wrap:wrap;gap:2px 14px;margin-left:8px}
.key{display:inline-flex;align-items:center;gap:5px}
.swatch{width:11px;height:11px}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,330px),1fr));gap:8px 36px;align-items:start}
.multiples{display:grid;grid-template-columns:repeat(auto-fill,minmax(205px,1fr));gap:14px 18px}
.wide-multiples{grid-template-columns:repeat(auto-fill,minmax(min(100%,290px),1fr))}
svg{display:block;width:100%;height:auto;max-width:460px;font:12px system-ui,-apple-system,"Segoe UI",sans-serif}
svg.wide{max-width:none;min-width:720px}
svg.small{max-width:240px}
svg.square{max-width:310px}
.see-through{fill-opacity:.75}
table.narrow{width:auto;min-width:min(100%,380px)}
td small{color:var(--soft);white-space:nowrap}
text{fill:var(--ink)}.tick{fill:var(--soft);font-size:11px}.mark{font-size:11px}.on{fill:var(--on);font-size:11.5px;font-weight:600}
.middle{text-anchor:middle}.end{text-anchor:end}.strong{font-weight:600}
.tick.strong{fill:var(--ink)}
.grid{stroke:var(--line)}.lane{stroke:var(--line)}.axis{stroke:var(--mute)}.diagonal{stroke:var(--mute);stroke-dasharray:4 4}
.bound{stroke:var(--second);stroke-dasharray:5 4}.move{stroke:var(--mute);stroke-dasharray:2 3}.mean{stroke:var(--ink);stroke-width:2}
.line{fill:none;stroke-width:1.8}.line.accent{stroke:var(--accent)}
.dot{stroke:var(--page);stroke-width:1.5}
.accent{fill:var(--accent)}.line.accent{fill:none}.second{fill:var(--second)}.good{fill:var(--good)}.bad{fill:var(--bad)}.open{fill:var(--mute)}.soft{fill:var(--mute)}
.whisker{stroke-width:2.5;fill:none}.whisker.accent{stroke:var(--accent)}.whisker.soft{stroke:var(--mute)}.whisker.good{stroke:var(--good)}.whisker.bad{stroke:var(--bad)}
.hollow{fill:var(--page);stroke:var(--second);stroke-width:1.6}
footer{margin-top:56px;color:var(--soft);font-size:13px;border-top:1px solid var(--line);padding-top:14px}
@media (max-width:640px){.sheet{padding:24px 16px 48px}.facts div{grid-template-columns:minmax(0,1fr);gap:0}h1{font-size:27px}}
@media print{:root{color-scheme:light;--page:#fff;--ink:#000;--soft:#444;--line:#ccc;--wash:#f4f4f4;--accent:#0a5bab;--second:#b35900;--good:#17703a;--bad:#b3261e;--mute:#999;--on:#fff}
@page{margin:14mm}body{font-size:10.5pt}.sheet{max-width:none;padding:0}nav{display:none}section{margin-top:22pt;padding-top:10pt}figure,tr,article>h3,.tile,.facts div{break-inside:avoid}h2,h3,caption{break-after:avoid}.scroll{overflow:visible}table{font-size:8.5pt}th,td{padding:3pt 7pt 3pt 0}td.number,time,td code,th code,thead th{white-space:normal}svg.wide{min-width:0}a{color:inherit;text-decoration:none}}
`;
