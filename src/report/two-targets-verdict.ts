import { verdictOf } from '../findings/accept.ts'
import type { Finding } from '../findings/finding.ts'
import { counted } from './counted.ts'
import { isDisproved } from './is-proved.ts'
import type { LinkDocument } from './link-document.ts'
import { areProved, isShutOut, onlyAtSecond, type RunOfTwo, type VerifyOfTwo } from './two-targets.ts'

/** What a report of two targets comes to. */
export interface VerdictOfTwo {
  readonly tone: 'good' | 'attention' | 'bad'
  readonly headline: string
}

export const planVerdict = (findings: readonly Finding[]): VerdictOfTwo => {
  switch (verdictOf(findings)) {
    case 'errors':
      return { tone: 'bad', headline: 'Errors stand in the way: neither of the two is written before all are gone' }
    case 'warnings':
      return { tone: 'attention', headline: 'There are warnings to acknowledge' }
    case 'clear':
      return { tone: 'good', headline: 'Ready to migrate to both' }
  }
}

const CUT_SHORT: VerdictOfTwo = { tone: 'attention', headline: 'It did not come to its end' }

export const runVerdict = ({ runs, links }: RunOfTwo): VerdictOfTwo => {
  const last = runs.at(-1)
  if (last !== undefined && isDisproved(last)) return { tone: 'bad', headline: 'The copy is not what it should be' }
  if (last?.endedEarly !== undefined || last?.refused !== undefined) return CUT_SHORT
  const who = last?.cohort === undefined ? undefined : `the cohort ${last.cohort}`
  if (links !== undefined) {
    return {
      tone: isShutOut(links) ? 'attention' : 'good',
      headline:
        who === undefined
          ? `Both are filled, and their people linked${exception(links)}`
          : `Both have ${who}, and its people are linked${exception(links)}`,
    }
  }
  if (last?.road === 'online') {
    return {
      tone: 'good',
      headline:
        who === undefined
          ? 'Keycloak is up to date, and so is the copy for MAS; links come with the final run'
          : `Keycloak has ${who}, and so has the copy for MAS; links come with the final run`,
    }
  }
  return CUT_SHORT
}

export const verifyVerdict = (document: VerifyOfTwo): VerdictOfTwo => {
  const { links } = document
  if (!areProved(document)) return { tone: 'bad', headline: 'Not everything is as it should be' }
  const isPart = document.verifications.some(({ waiting = 0 }) => waiting > 0)
  const what = `Both hold what they should${isPart ? ', as far as runs have come' : ''}`
  if (links === undefined) return { tone: 'good', headline: `${what}; links come with the final run` }
  return { tone: 'good', headline: `${what}, and so do the links${exception(links)}` }
}

const exception = (links: LinkDocument | undefined): string => {
  const { count = 0 } = onlyAtSecond(links) ?? {}
  return count === 0 ? '' : `, but for ${counted(count, 'account', 'accounts')} at MAS without a login at Keycloak`
}
