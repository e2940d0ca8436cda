import type { Finding } from '../findings/finding.ts'
import { formatMoment } from './words.ts'

/** How a warning was acknowledged, or that this has ended, in a few words; undefined: nobody acknowledged it. */
export const acknowledgement = ({ accepted, acceptedUntil }: Finding): string | undefined => {
  const end = acceptedUntil === undefined ? undefined : formatMoment(acceptedUntil)
  if (accepted === undefined) return end === undefined ? undefined : `acknowledged until ${end}, and no longer`
  return `acknowledged ${accepted}${end === undefined ? '' : `, in the mapping until ${end}`}`
}

/** How a warning was acknowledged, or that this has ended, and why, as the mapping says; none: nobody acknowledged it. */
export const acknowledgementWords = (finding: Finding): readonly string[] => {
  const how = acknowledgement(finding)
  const { acceptedBecause } = finding
  return [
    ...(how === undefined ? [] : [how]),
    ...(acceptedBecause === undefined ? [] : [`The mapping says: ${acceptedBecause}`]),
  ]
}
