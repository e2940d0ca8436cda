import { counted, numbered } from '../../report/counted.ts'
import type { ReadinessAbility, ReadinessDocument } from '../../report/readiness-document.ts'
import type { Verdict } from '../../report/verdict.ts'
import { formatMoment } from '../../report/words.ts'
import { kindsOf } from '../abilities/kinds.ts'
import { isWorse } from '../compare.ts'
import { conflictsLevel, openFailures, type ReadinessExit, readinessExit } from './exit.ts'
import { CAN_WORDS, clientNames, sentence } from './names.ts'

const TONES: Readonly<Record<ReadinessExit, Verdict['tone']>> = {
  clear: 'good',
  warnings: 'attention',
  worse: 'attention',
  errors: 'bad',
}

/** Whether people can log in today, in one look; then why not, and the numbers. */
export const readinessVerdict = (document: ReadinessDocument): Verdict => {
  const tone = TONES[readinessExit(document)]
  const isKnown =
    document.probes.length === 0 || document.homeserver === undefined || logins(document, 'unknown').length === 0
  return {
    tone: tone === 'good' && !isKnown ? 'attention' : tone,
    headline: headline(document),
    sentences: [
      ...whySentences(document),
      ...probeSentences(document),
      ...kindSentences(document),
      ...configurationSentences(document),
      ...walkSentences(document),
      ...comparisonSentences(document),
    ],
  }
}

const headline = (document: ReadinessDocument): string => {
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
  const can = 'People can log in with every kind of client'
  const errors = openFailures(document.probes, 'error').length
  if (errors > 0) return `${can}, but ${counted(errors, 'probe fails', 'probes fail')} with an error`
  if (conflictsLevel(document) === 'error') return configurationHeadline(document)
  if (document.walk?.outcome === 'failed') return walkHeadline(document.walk)
  if (document.comparison !== undefined && isWorse(document.comparison))
    return `${can}, but less can be done than before`
  const warnings = openFailures(document.probes, 'warning').length
  return warnings === 0 ? can : `${can}; ${counted(warnings, 'warning', 'warnings')} to read`
}

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
  if (conflicts === 0) return 'This Synapse starts under MAS, as far as its configuration tells'
  return `This Synapse does not start under MAS: ${counted(conflicts, 'setting', 'settings')}`
}

const walkHeadline = ({ outcome, steps }: NonNullable<ReadinessDocument['walk']>): string => {
  const failed = steps.find((step) => step.outcome === 'failed')?.step
  if (outcome === 'failed') return failed === undefined ? 'A client’s way fails' : `A client’s way fails at: ${failed}`
  return outcome === 'passed' ? 'A client’s whole way works' : 'A client’s way works, other than Matrix asks for it'
}

const logins = ({ abilities }: ReadinessDocument, can: ReadinessAbility['can']): readonly ReadinessAbility[] =>
  abilities.filter((one) => one.deed === 'log in' && one.can === can)

const names = (abilities: readonly ReadinessAbility[]): string => clientNames(abilities.map(({ client }) => client))

/** Each reason once: many clients may have the same. */
const whySentences = (document: ReadinessDocument): readonly string[] => {
  const reasons = document.abilities.filter(({ deed, can }) => deed === 'log in' && can === 'no')
  return [...new Set(reasons.flatMap(({ because }) => because.map(({ words }) => sentence(words))))]
}

const probeSentences = ({ probes }: ReadinessDocument): readonly string[] => {
  if (probes.length === 0) return []
  const of = (result: string): number => probes.filter((one) => one.result === result).length
  const failures = probes.filter(({ result }) => result === 'fail')
  const levels = (['error', 'warning', 'info'] as const).flatMap((level) => {
    const count = failures.filter((one) => one.level === level).length
    return count === 0 ? [] : [level === 'info' ? `${numbered(count)} to know` : counted(count, level, `${level}s`)]
  })
  const accepted = failures.filter((one) => one.accepted !== undefined).length
  const detail = [...levels, ...(accepted === 0 ? [] : [`${numbered(accepted)} accepted`])].join(', ')
  return [
    `${counted(probes.length, 'probe', 'probes')}: ${numbered(of('pass'))} passed, ${numbered(of('fail'))} failed${detail === '' ? '' : ` (${detail})`}, ${numbered(of('not asked'))} not asked.`,
  ]
}

const kindSentences = ({ abilities, homeserver }: ReadinessDocument): readonly string[] => {
  if (abilities.length === 0 || homeserver === undefined) return []
  const kinds = kindsOf(abilities).filter(({ deed }) => deed === 'log in')
  return [`Logging in: ${kinds.map(({ kind, can }) => `${kind} ${CAN_WORDS[can]}`).join(', ')}.`]
}

const configurationSentences = (document: ReadinessDocument): readonly string[] => {
  const { configuration, probes } = document
  if (configuration === undefined) return []
  const { conflicts, delegation, unreadable } = configuration
  const state = {
    on: 'Its configuration gives the logins to MAS',
    off: 'Its configuration names MAS, and does not give it the logins yet',
    absent: 'Its configuration does not name MAS',
  }[delegation]
  const count =
    conflicts.length === 0 ? 'no setting stands' : counted(conflicts.length, 'setting stands', 'settings stand')
  return [
    ...(probes.length === 0 && conflicts.length > 0 ? [`${state}.`] : [`${state}; ${count} in its way.`]),
    ...(unreadable.length === 0 ? [] : [`Not read, and so not judged: ${unreadable.join(', ')}.`]),
  ]
}

const walkSentences = ({ walk }: ReadinessDocument): readonly string[] => {
  if (walk === undefined) return []
  const of = (outcome: string): number => walk.steps.filter((step) => step.outcome === outcome).length
  const others = (['differs', 'failed', 'skipped'] as const)
    .filter((outcome) => of(outcome) > 0)
    .map((outcome) => `${numbered(of(outcome))} ${outcome === 'differs' ? 'other than Matrix asks for' : outcome}`)
  const went = `${numbered(of('ok'))} of ${counted(walk.steps.length, 'step', 'steps')} as they have to be`
  return [`The way of ${walk.as}: ${[went, ...others].join(', ')}.`]
}

const comparisonSentences = ({ comparison }: ReadinessDocument): readonly string[] => {
  if (comparison === undefined) return []
  const { probes, abilities, before } = comparison
  if (probes.length === 0 && abilities.length === 0) return [`Nothing is other than at ${formatMoment(before)}.`]
  const probesOf = (change: string): number => probes.filter((one) => one.change === change).length
  const abilitiesOf = (change: string): number => abilities.filter((one) => one.change === change).length
  return [
    `Since ${formatMoment(before)}: ${counted(probesOf('broken'), 'probe', 'probes')} broken, ${numbered(probesOf('mended'))} mended, ${numbered(probesOf('other'))} otherwise changed; ${counted(abilitiesOf('lost'), 'deed', 'deeds')} lost, ${numbered(abilitiesOf('gained'))} gained.`,
  ]
}
