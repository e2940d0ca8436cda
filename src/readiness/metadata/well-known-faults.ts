import type { ReadinessFault } from '../../report/readiness-document.ts'
import { repeatedNames } from './repeated-names.ts'
import { markFaults, TWICE } from './written-faults.ts'

/** How people know it. */
export const WELL_KNOWN_PATH = '/.well-known/matrix/client'

/** The members that Element X reads (ruma, 2026-08), each by any of its names, with those within; it ignores all others. */
const MEMBERS: readonly { readonly names: readonly string[]; readonly within: readonly string[] }[] = [
  { names: ['m.homeserver'], within: ['base_url'] },
  { names: ['m.identity_server'], within: ['base_url'] },
  { names: ['org.matrix.msc3488.tile_server', 'm.tile_server'], within: ['map_style_url'] },
  { names: ['org.matrix.msc4143.rtc_foci', 'm.rtc_foci'], within: [] },
]

const isRead = ([outer, inner, ...deeper]: readonly string[]): boolean => {
  const member = MEMBERS.find(({ names }) => outer !== undefined && names.includes(outer))
  if (member === undefined || deeper.length > 0) return false
  return inner === undefined || member.within.includes(inner)
}

/**
 * What is wrong with .well-known by its text alone, though it is JSON: Element X takes nothing of it then. To it a member by two
 * of its names is the same as one that stands twice.
 */
export const wellKnownFaults = (text: string, names: readonly string[]): readonly ReadinessFault[] => {
  const twice = repeatedNames(text)
    .filter(isRead)
    .map((path) => ({ field: path.join('.'), what: TWICE, breaks: ['element-x'] }))
  const byBoth = MEMBERS.flatMap((member): readonly ReadinessFault[] => {
    const [one, other] = member.names.filter((name) => names.includes(name))
    return one === undefined || other === undefined
      ? []
      : [{ field: other, what: `is another name of ${one}, which stands there too`, breaks: ['element-x'] }]
  })
  return [...markFaults(WELL_KNOWN_PATH, text), ...twice, ...byBoth]
}
