/** How plots and what is folded away look. */
export const PLOTS = `
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(24rem,100%),1fr));gap:2rem 3rem;margin-top:1.25rem}
figcaption p{color:var(--soft);font-size:.875rem;margin:.125rem 0 .75rem}
.bars{list-style:none;display:grid;grid-template-columns:fit-content(19rem) minmax(4rem,1fr) max-content max-content;gap:.5rem .875rem;font-size:.9375rem}
.bars li{display:grid;grid-column:1/-1;grid-template-columns:11rem 1fr 6rem 3.5rem;grid-template-columns:subgrid;align-items:center;line-height:1.35}
.bars svg{grid-area:1/2;display:block;width:100%;height:.875rem;border-radius:3px;background:var(--track)}
.bars .n{grid-row:1;grid-column:3}
.bars .share{grid-column:4;color:var(--soft);font-size:.875rem}
.bars .name{overflow-wrap:anywhere}
.fill{fill:var(--held)}
.carried .fill{fill:var(--carried)}
.bad .fill{fill:var(--bad)}
.bad .name{color:var(--bad);font-weight:620}
.bars .bad{--tint:none}
summary{cursor:pointer;color:var(--link);font-size:.9375rem;padding:.375rem 0}
summary:focus-visible,a:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:4px}
.flow{display:block;width:100%;margin:.25rem 0 1.75rem;overflow:visible}
.flow text{font-size:13px;fill:var(--ink);stroke:var(--sheet);stroke-width:3px;paint-order:stroke;stroke-linejoin:round}
.flow .left text{fill:var(--soft)}
.flow.narrow text{font-size:12px}
.flow.narrow{display:none;max-width:26rem}
.ribbon{fill:var(--carried);opacity:.32}
.ribbon.left{fill:var(--held);opacity:.4}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;background:var(--sheet);padding:.5rem .75rem}
.contents{margin-top:1rem;padding:0 .25rem}
.contents ul{list-style:none;display:flex;flex-wrap:wrap;gap:.125rem 1.25rem;font-size:.875rem}
.contents a{display:inline-block;padding:.25rem 0}
.counts ul{list-style:none;display:flex;flex-wrap:wrap;gap:.5rem}
.counts .tag{margin:0;font-size:.8125rem;padding:.1875rem .75rem}
.severity{margin:1.5rem 0 .75rem}
.findings>li{content-visibility:auto;contain-intrinsic-size:auto 9rem}
details{margin-top:.75rem}
.severity~details{margin-top:.25rem}
summary code{overflow-wrap:anywhere}
details[open]>summary{margin-bottom:.5rem}
a{color:var(--link);text-underline-offset:.15em}
`

/** The same on a narrow screen. */
export const NARROW_PLOTS = `
.flow.wide{display:none}
.flow.narrow{display:block}
.bars{grid-template-columns:minmax(0,1fr) max-content 3.25rem;gap:.75rem .625rem}
.bars li{grid-template-columns:minmax(0,1fr) max-content 3.25rem;grid-template-columns:subgrid;gap:.25rem .625rem}
.bars svg{grid-area:2/1/3/-1;height:.625rem}
.bars .n{grid-column:2}
.bars .share{grid-column:3}
`

/** Colours of the reader's own choice: shapes keep an outline, and meaning is in the words. */
export const FORCED_COLOURS = `
@media (forced-colors:active){
svg{forced-color-adjust:none}
.bars svg,.bar svg,.key svg{background:Canvas;outline:1px solid CanvasText}
.fill,.bar .carried,.key .carried,.carried .fill{fill:Highlight}
.left .fill,.bad .fill{fill:CanvasText}
.key .left{fill:Canvas}
.ribbon,.ribbon.left{fill:none;stroke:Highlight;opacity:1}
.ribbon.left{stroke:CanvasText;stroke-dasharray:3 3}
.flow text,.flow .left text{fill:CanvasText;stroke:Canvas}
.mark .disc{fill:CanvasText}
.mark .sign{stroke:Canvas}
.tag,.samples li,section,.figures{border:1px solid CanvasText}
}
`
