/*
 * What tests ask of a page, in the page: a script of its own, since nothing else of the project knows a document.
 * Each answer is a list of faults in words, or a number.
 */
globalThis.look = {
  unfold() {
    for (const each of document.querySelectorAll('details')) each.open = true
  },

  /** What axe finds by all its rules, best practices among them, or by some. */
  async axe(rules) {
    const { violations } = await globalThis.axe.run(document, {
      resultTypes: ['violations'],
      preload: false,
      ...(rules === undefined ? {} : { runOnly: { type: 'rule', values: rules } }),
    })
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
  },

  /** Elements with text that does not fit into them; the page, where it must be scrolled sideways. */
  clipped() {
    const root = document.documentElement
    const found = root.scrollWidth > root.clientWidth ? [`page: ${root.scrollWidth} > ${root.clientWidth}`] : []
    for (const each of document.querySelectorAll('main, main *:not(.scroll, .scroll *, svg, svg *)')) {
      if (each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1)
        found.push(`${each.tagName} ${each.className}: ${each.textContent.slice(0, 80)}`)
    }
    return found
  },

  /** Labels of plots that lie on one another or leave their picture. */
  collided() {
    const found = []
    for (const svg of document.querySelectorAll('svg.flow')) {
      const frame = svg.getBoundingClientRect()
      if (frame.width === 0) continue
      const labels = [...svg.querySelectorAll('text')].map((label) => ({
        text: label.textContent,
        box: label.getBoundingClientRect(),
      }))
      for (const [index, { text, box }] of labels.entries()) {
        if (box.left < frame.left - 1 || box.right > frame.right + 1) found.push(`${text} leaves the picture`)
        for (const { text: otherText, box: other } of labels.slice(index + 1)) {
          const across = Math.min(box.right, other.right) - Math.max(box.left, other.left)
          const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top)
          if (across > 1 && down > 3) found.push(`${text} lies on ${otherText}`)
        }
      }
    }
    return found
  },

  /** Elements that the keyboard should come to, but for what is folded away. */
  stops() {
    return [...document.querySelectorAll('a[href], summary, [tabindex="0"]')].filter((each) =>
      each.checkVisibility({ contentVisibilityAuto: false }),
    )
  },

  /** The place of the focused element among them; -1 where it is none of them, or nobody sees that it is focused. */
  focused() {
    const { activeElement } = document
    return getComputedStyle(activeElement).outlineStyle === 'none' ? -1 : this.stops().indexOf(activeElement)
  },

  /** Findings that are to be seen. */
  findings() {
    return [...document.querySelectorAll('.findings > li')].filter((each) => each.checkVisibility()).length
  },

  /** Milliseconds until the page was whole. */
  loaded() {
    return performance.getEntriesByType('navigation')[0].loadEventEnd
  },
}
