/** The reports' one stylesheet: light, dark and paper. Nothing else is loaded from anywhere. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;--page:#fff;--ink:#1b1f24;--soft:#57606a;--line:#d5dbe1;--wash:#f5f7f9;--s0:#0a5bab;--s1:#9a4d00;--s2:#17703a;--s3:#7a3e9d;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--page:#10151a;--ink:#e4eaf0;--soft:#9fabb7;--line:#2c3640;--wash:#171e25;--s0:#6fb1f5;--s1:#f0a65c;--s2:#57c785;--s3:#c79be6;--bad:#ff8077}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1020px;margin:0 auto;padding:40px 32px 72px}
.kicker{margin:0;color:var(--soft)}
h1{font-size:32px;line-height:1.15;margin:2px 0 10px;overflow-wrap:anywhere}
h2{font-size:21px;margin:0 0 8px}h2 small{font-weight:400;color:var(--soft);font-size:14px}
section{margin-top:44px;padding-top:20px;border-top:2px solid var(--ink)}
p,li{max-width:80ch;overflow-wrap:anywhere}
aside,.missing{border-left:4px solid var(--s1);background:var(--wash);padding:8px 16px}
aside h2{font-size:17px}
nav ol{columns:2 260px;padding-left:20px}
a{color:var(--s0)}a:focus-visible,.scroll:focus-visible{outline:2px solid var(--s0);outline-offset:2px}
.proof{font:12px ui-monospace,Menlo,Consolas,monospace;color:var(--soft)}
dl{display:grid;margin:10px 0 18px;border-top:1px solid var(--line)}
dl div{display:grid;grid-template-columns:230px minmax(0,1fr);gap:16px;padding:6px 0;border-bottom:1px solid var(--line)}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto;margin:14px 0}
table{border-collapse:collapse;width:100%;font-size:13.5px}
caption{text-align:left;font-weight:600;padding-bottom:6px}
th,td{text-align:left;padding:6px 14px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
thead th{color:var(--soft);font-weight:500;border-bottom-color:var(--ink)}tbody th{font-weight:500}
code{font:12px ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}
figure{margin:18px 0}figcaption{font-size:13.5px;font-weight:600}.legend{font-weight:400;margin-left:8px}
.key{margin-right:12px}.key::before{content:"\\25CF";margin-right:4px}.key-0::before{color:var(--s0)}.key-1::before{color:var(--s1)}.key-2::before{color:var(--s2)}.key-3::before{color:var(--s3)}
svg{display:block;width:100%;max-width:760px;font:11px system-ui,sans-serif}
.tick{fill:var(--soft)}.grid{stroke:var(--line)}.bound{stroke:var(--bad);stroke-dasharray:5 4}
.series{stroke-width:1.8}.series-0{stroke:var(--s0)}.series-1{stroke:var(--s1)}.series-2{stroke:var(--s2)}.series-3{stroke:var(--s3)}
.dot{stroke:none}.dot.series-0{fill:var(--s0)}.dot.series-1{fill:var(--s1)}.dot.series-2{fill:var(--s2)}.dot.series-3{fill:var(--s3)}
@media (max-width:640px){main{padding:24px 16px 48px}dl div{grid-template-columns:1fr;gap:0}}
@media print{:root{color-scheme:light}@page{margin:14mm}main{padding:0}nav{display:none}tr,figure{break-inside:avoid}h2,caption{break-after:avoid}.scroll{overflow:visible}}
`;
