/** Units of a plot's width: enough that one in a thousand is still seen. */
export const WIDE = 1000

/** The least that is drawn of what is there at all. */
const SEEN = 2

/**
 * A part in units of the width of its whole: 0 of nothing, never more than all, and never nothing of something.
 * @returns a whole number from 0 to 1,000.
 */
export const units = (part: number, whole: number): number =>
  whole <= 0 || part <= 0 ? 0 : Math.min(WIDE, Math.max(SEEN, Math.round((part / whole) * WIDE)))
