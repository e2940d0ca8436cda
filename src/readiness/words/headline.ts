import { counted } from '../../report/counted.ts'
import type { ReadinessAbility, ReadinessDocument } from '../../report/readiness-document.ts'
import { isWorse } from '../compare.ts'
import { listed } from '../listed.ts'
import { conflictsLevel, openFailures } from './exit.ts'
import { clientNames } from './names.ts'

/** Whether people can log in today, in one line without a full stop. */
export const readinessHeadline = (document: ReadinessDocument): string => {
  const { probes, homeserver, op, walk, configuration } = document
  if (probes.length > 0 && homeserver !== undefined) return homeserverHeadline(document)
  if (probes.length > 0 && op !== undefined) return opHeadline(document)
  if (configuration !== undefined) return configurationHeadline(document)
  return walk === undefined ? 'Nothing was asked' : walkHeadline(walk)
}

const homeserverHeadline = (document: ReadinessDocument): string => {
  const [refused, unclear] = [logins(document, 'no'), logins(document, 'unknown')]
  if (refused.length > 0) {
    const all = document.abilities.filter(({ deed, can }) => deed === 'log in' && can !== 'never')
    return refused.length === all.length ? 'Nobody can log in' : `People cannot log in with ${names(refused)}`
  }
  if (unclear.length > 0) {
    const known = logins(document, 'yes').length > 0
    return known
      ? `Whether people can log in with ${names(unclear)} is not known`
      : 'Whether people can log in is not known'
  }
  return loginsHeadline(document)
}

/** Everybody can log in: how, and what stands beside it. */
const loginsHeadline = (document: ReadinessDocument): string => {
  const { probes, walk, comparison } = document
  const can = canLogIn(document)
  const isAsEver = can.startsWith(AS_EVER)
  const errors = openFailures(probes, 'error').length
  const fail = `${counted(errors, 'probe fails', 'probes fail')} with an error`
  // What keeps a client from the OP is an error that was told.
  if (errors > 0) {
    if (can.startsWith(BUT)) return can
    return isAsEver && namedOp(document) !== undefined ? `${can}, where ${fail}` : `${can}, but ${fail}`
  }
  if (conflictsLevel(document) === 'error') return configurationHeadline(document)
  if (walk?.outcome === 'failed') return walkHeadline(walk)
  if (comparison !== undefined && isWorse(comparison)) return `${can}, but less can be done than before`
  const warnings = openFailures(probes, 'warning').filter(({ code }) => !isAsEver || !isMetadata(code)).length
  return warnings === 0 ? can : `${can}; ${counted(warnings, 'warning', 'warnings')} to read`
}

const AS_EVER = 'People can log in as before'
const BUT = 'People can log in, but '

const canLogIn = (document: ReadinessDocument): string => {
  const all = logins(document, 'yes')
  if (hasNoOAuth(document)) {
    const ways = new Set(all.flatMap(({ by = '' }) => ['password', 'SSO'].filter((way) => by.includes(way))))
    const op = namedOp(document)
    return `${AS_EVER}, by ${listed([...ways])}; this homeserver has no OAuth${op === undefined ? '' : ` and does not use the OP ${op}`}`
  }
  const fallen = all.filter(({ kind, by }) => kind === 'OIDC-native' && by !== undefined && by !== BY_OP)
  const why = whyFallen(document, fallen)
  if (fallen.length === 0 || why === undefined) return 'People can log in with every kind of client'
  const ways = new Set(fallen.map(({ by }) => by))
  return `${BUT}${names(fallen)} only ${listed([...ways].flatMap((way) => way ?? []))}: ${why}`
}

const BY_OP = 'by the OP'

/** What the probe saw that tells why these clients leave the OP out. */
const whyFallen = ({ probes }: ReadinessDocument, fallen: readonly ReadinessAbility[]): string | undefined => {
  const told = fallen.flatMap(({ because }) => because)[0]
  const seen = probes.find(({ code }) => code === told?.probe)?.seen ?? told?.words
  return seen?.replace(/\.$/u, '')
}

const isMetadata = (code: string): boolean => code === 'METADATA_STABLE' || code === 'METADATA_UNSTABLE'

/** Where it says at both addresses that it has none, and nothing speaks against that. */
const hasNoOAuth = ({ probes }: ReadinessDocument): boolean => {
  const metadata = probes.filter(({ code }) => isMetadata(code))
  return metadata.length > 0 && metadata.every(({ result, level }) => result === 'fail' && level !== 'error')
}

/** Of a homeserver without OAuth: the OP that it is to work with one day. */
const namedOp = ({ op }: ReadinessDocument): string | undefined => op?.issuer

/** Of an OP without a homeserver, what would be: the faults of its document name who would not take it. */
const opHeadline = ({ probes }: ReadinessDocument): string => {
  const errors = openFailures(probes, 'error')
  const breaks = new Set(errors.flatMap(({ faults = [] }) => faults.flatMap((fault) => fault.breaks)))
  const fail = `${counted(errors.length, 'probe fails', 'probes fail')} with an error`
  if (breaks.size > 0) return `${clientNames([...breaks])} would not work with this OP: ${fail}`
  if (errors.length > 0) return `This OP lacks what Matrix clients need: ${fail}`
  return 'This OP has what Matrix clients need, as far as it was asked'
}

const configurationHeadline = ({ configuration }: ReadinessDocument): string => {
  const conflicts = configuration?.conflicts.length ?? 0
  const unread = configuration?.unreadable.length ?? 0
  if (conflicts === 0 && unread > 0) {
    return `Whether this Synapse starts under MAS is not known: ${counted(unread, 'file', 'files')} could not be read`
  }
  if (conflicts === 0) return 'This Synapse starts under MAS, as far as its configuration tells'
  const settings = counted(conflicts, 'setting', 'settings')
  return configuration?.delegation === 'on'
    ? `This Synapse does not start under MAS: ${settings}`
    : `This Synapse would not start under MAS: ${settings} to change before`
}

const walkHeadline = ({ outcome, steps }: NonNullable<ReadinessDocument['walk']>): string => {
  const failed = steps.find((step) => step.outcome === 'failed')?.step
  if (outcome === 'failed') return failed === undefined ? 'A client’s way fails' : `A client’s way fails at: ${failed}`
  return outcome === 'passed' ? 'A client’s whole way works' : 'A client’s way works, other than Matrix asks for it'
}

const logins = ({ abilities }: ReadinessDocument, can: ReadinessAbility['can']): readonly ReadinessAbility[] =>
  abilities.filter((one) => one.deed === 'log in' && one.can === can)

const names = (abilities: readonly ReadinessAbility[]): string => clientNames(abilities.map(({ client }) => client))
