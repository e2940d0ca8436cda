/** How tables and the bars in them look. */
export const TABLES = `
.scroll{overflow-x:auto;position:relative}
.scroll+.scroll{margin-top:1.5rem}
.scroll+.quiet{margin-top:.75rem}
table{width:100%;border-collapse:collapse;font-size:.9375rem}
caption{text-align:left;color:var(--soft);font-size:.875rem;padding-bottom:.625rem}
th,td{padding:.4375rem 0 .4375rem 1rem;text-align:left;vertical-align:baseline;font-weight:400}
th:first-child,td:first-child{padding-left:0}
thead th{color:var(--soft);font-size:.8125rem;border-bottom:1px solid var(--line);white-space:nowrap}
.n{text-align:right;white-space:nowrap}
tbody th[scope=row],tfoot th{font-weight:560}
td small,th small{display:block;color:var(--soft);font-size:.8125rem;font-weight:400;overflow-wrap:break-word}
tbody.group>tr:first-child>*,tbody.rows>tr+tr>*,tfoot td,tfoot th{border-top:1px solid var(--line)}
thead+tbody.group>tr:first-child>*{border-top:0}
tfoot td,tfoot th{font-weight:620}
tr.reason th,tr.reason td{padding-top:.125rem;padding-bottom:.125rem;color:var(--soft);font-size:.875rem}
tbody tr.reason th[scope=row]{font-weight:400;padding-left:1rem}
tr.reason:last-child>*{padding-bottom:.625rem}
.bar{width:22%;min-width:6rem}
td.bar,th.bar{padding-left:1.5rem;vertical-align:middle}
.timeline .bar{width:52%}
.bar svg{display:block;width:100%;height:.5rem;border-radius:4px;background:var(--left)}
.bar svg.time{background:none;border-radius:0}
.bar .carried{fill:var(--carried)}
.heard{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.zero{color:var(--faint)}
.wrong{color:var(--bad);font-weight:620}
.key{display:flex;gap:1.25rem;color:var(--soft);font-size:.8125rem;margin-top:.75rem}
.key svg{width:.75rem;height:.75rem;border-radius:3px;margin-right:.375rem;vertical-align:-.0625rem}
.key .carried{fill:var(--carried)}.key .left{fill:var(--left)}
`

/** How findings, steps and facts look. */
export const LISTS = `
.findings{list-style:none}
.findings>li{padding:1rem 0;border-top:1px solid var(--line)}
.findings>li:first-child{border-top:0;padding-top:0}
.findings>li:last-child{padding-bottom:0}
.tag{display:inline-block;background:var(--tint);color:var(--tone);border-radius:999px;font-size:.75rem;font-weight:620;padding:.0625rem .5625rem;margin-right:.5rem}
.findings h4{display:flex;flex-wrap:wrap;align-items:baseline;gap:.25rem .25rem}
.findings h4 code{color:var(--soft);overflow-wrap:anywhere}
.findings p{margin-top:.375rem}
.samples{list-style:none;display:flex;flex-wrap:wrap;gap:.375rem;margin-top:.5rem}
.samples li{background:var(--code);border:1px solid var(--line);border-radius:6px;padding:0 .5rem;font-size:.8125rem;overflow-wrap:anywhere}
.samples .more{background:none;border-color:transparent;color:var(--soft);padding-left:.125rem}
.steps{padding-left:1.25rem}
.steps li+li{margin-top:.875rem}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:.375rem 1.5rem;font-size:.9375rem}
.facts dt{color:var(--soft)}
.facts dd{overflow-wrap:anywhere}
.facts small{color:var(--soft);font-size:.875rem;display:block}
.ok{color:var(--good)}.failed{color:var(--bad);font-weight:620}
`
