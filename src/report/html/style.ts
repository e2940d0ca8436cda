import { createHash } from 'node:crypto'
import { LISTS, TABLES } from './style-parts.ts'
import { FORCED_COLOURS, NARROW_PLOTS, PLOTS } from './style-plots.ts'

const COLOURS = `
:root{color-scheme:light dark;
--page:#f6f7f9;--sheet:#fff;--ink:#14181f;--soft:#596273;--faint:#626b7b;--line:#e4e7ec;--code:#f3f5f8;
--carried:#2f6feb;--left:#c9d2de;--held:#7d8aa0;--track:#eef1f5;--link:#1d5bd0;--good:#0f7553;--good-tint:#e8f6f0;--attention:#9a6200;--attention-tint:#fdf4e1;
--bad:#c0312b;--bad-tint:#fdeeed;--notice:#4b5a70;--notice-tint:#eef1f5}
@media (prefers-color-scheme:dark){:root{
--page:#0e1116;--sheet:#161a21;--ink:#e8ebf0;--soft:#a0a9b8;--faint:#8a93a2;--line:#272d37;--code:#0f1319;
--carried:#5b93ff;--left:#3a4454;--held:#76839a;--track:#222831;--link:#8ab2ff;--good:#4cc38a;--good-tint:#10261d;--attention:#e0a341;--attention-tint:#2a2110;
--bad:#ff7b72;--bad-tint:#2d1514;--notice:#a0acc0;--notice-tint:#1d232c}}
`

const PAGE = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
main{max-width:60rem;margin:0 auto;padding:2.5rem 1.25rem 3rem}
h1,h2,h3,h4,p,dl,dd,ol,ul,pre,table,figure{margin:0;padding:0}
h1{font-size:2rem;line-height:1.2;letter-spacing:-.02em;font-weight:650;margin:.15rem 0 .35rem}
h2{font-size:1.125rem;line-height:1.35;letter-spacing:-.005em;font-weight:640}
h3,h4{font-size:.9375rem;font-weight:640}
.eyebrow{display:flex;justify-content:space-between;gap:1rem;color:var(--soft);font-size:.875rem}
.eyebrow b{color:var(--ink);font-weight:650}
.road{color:var(--soft)}
section{background:var(--sheet);border:1px solid var(--line);border-radius:12px;padding:1.5rem;margin-top:1rem}
section>h2{margin-bottom:1rem}
.quiet{color:var(--soft);font-size:.875rem}
code,pre{font:.8125rem/1.6 ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace}
pre{background:var(--code);border:1px solid var(--line);border-radius:8px;padding:.625rem .875rem;white-space:pre-wrap;overflow-wrap:anywhere;margin-top:.625rem}
footer{color:var(--faint);font-size:.8125rem;margin-top:1.5rem;display:flex;flex-wrap:wrap;gap:.125rem 1.25rem}
.verdict{display:grid;grid-template-columns:2.25rem 1fr;gap:0 1rem;margin-top:1.5rem;border-color:transparent}
.verdict h2{font-size:1.375rem;margin:0}
.verdict .mark{width:2.25rem;height:2.25rem;grid-row:span 2}
.mark .disc{fill:var(--tone)}
.mark .sign{fill:none;stroke:var(--tint);stroke-width:2.5;stroke-linecap:round;stroke-linejoin:round}
.verdict p{color:var(--soft);margin-top:.25rem}
.good{--tone:var(--good);--tint:var(--good-tint)}
.attention,.warning{--tone:var(--attention);--tint:var(--attention-tint)}
.bad,.error{--tone:var(--bad);--tint:var(--bad-tint)}
.notice{--tone:var(--notice);--tint:var(--notice-tint)}
.verdict{background:var(--tint)}
.verdict h2{color:var(--tone)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:1px;background:var(--line);border:1px solid var(--line);border-radius:12px;overflow:hidden;margin-top:1rem}
.figures div{background:var(--sheet);padding:1rem 1.25rem;display:flex;flex-direction:column-reverse;justify-content:flex-end}
.figures dd{font-size:1.5rem;font-weight:620;letter-spacing:-.015em;line-height:1.25}
.figures dt{color:var(--soft);font-size:.8125rem}
.figures .note{font-size:.8125rem;font-weight:400;letter-spacing:0;color:var(--faint);display:block}
`

const PLACES = `
@media (max-width:40rem){
main{padding:1.25rem .75rem 2rem}
h1{font-size:1.5rem}
section{padding:1.125rem 1rem;border-radius:10px}
.verdict{grid-template-columns:1.75rem 1fr;gap:0 .75rem}
.verdict .mark{width:1.75rem;height:1.75rem}
.verdict h2{font-size:1.1875rem}
.figures{grid-template-columns:1fr 1fr}
.figures div{padding:.75rem 1rem}
.figures dd{font-size:1.25rem}
table{font-size:.875rem}
th,td{padding-left:.625rem}
.results .bar,.wide{display:none}
.bar{min-width:4rem}
td.bar,th.bar{padding-left:.75rem}
.timeline .bar{width:34%}
tbody th,.free{overflow-wrap:anywhere}
.facts{grid-template-columns:1fr;gap:.125rem}
.facts dd+dt{margin-top:.5rem}
${NARROW_PLOTS.trim()}
}
@media (max-width:22rem){.figures{grid-template-columns:1fr}}
@media print{
:root{color-scheme:light;--page:#fff;--sheet:#fff;--ink:#000;--soft:#444;--faint:#666;--line:#ccc;--code:#f6f6f6;
--carried:#2f6feb;--left:#c9d2de;--held:#7d8aa0;--track:#f0f0f0;--link:#000;--good:#0b6446;--good-tint:#eef8f3;--attention:#7a4e00;--attention-tint:#fdf6e8;--bad:#a32620;--bad-tint:#fdf1f0;--notice:#444;--notice-tint:#f1f1f1}
@page{margin:16mm 14mm}
body{font-size:10.5pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}
main{max-width:none;padding:0}
section{padding:1rem 0;border:0;border-radius:0}
.verdict{padding:1rem;border-radius:8px}
h2,h3,h4,caption,thead{break-after:avoid}
tfoot{display:table-row-group}
tbody.group,.findings>li,.steps li,.figures,.verdict,pre,tr,.bars li,figcaption{break-inside:avoid}
figcaption{break-after:avoid}
.contents,.counts,.skip{display:none}
.findings>li{content-visibility:visible}
a{color:inherit}
summary{list-style:none}
details::details-content{content-visibility:visible;block-size:auto}
.scroll,pre{overflow:visible;white-space:pre-wrap}
}
`

/** The report's whole style, without a comment or an empty line; its hash is what the page's policy lets in. */
export const STYLE = [COLOURS, PAGE, TABLES, LISTS, PLOTS, PLACES, FORCED_COLOURS].map((part) => part.trim()).join('\n')

/** The source expression of a Content-Security-Policy for one inline style. Source: CSP Level 3, "hash-source". */
export const styleSource = (style: string): string =>
  `'sha256-${createHash('sha256').update(style, 'utf8').digest('base64')}'`
