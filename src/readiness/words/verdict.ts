import { counted, numbered } from '../../report/counted.ts'
import type { ReadinessDocument } from '../../report/readiness-document.ts'
import type { Verdict } from '../../report/verdict.ts'
import { formatMoment } from '../../report/words.ts'
import { kindsOf } from '../abilities/kinds.ts'
import { type ReadinessExit, readinessExit } from './exit.ts'
import { readinessHeadline } from './headline.ts'
import { CAN_WORDS, sentence } from './names.ts'

const TONES: Readonly<Record<ReadinessExit, Verdict['tone']>> = {
  clear: 'good',
  warnings: 'attention',
  worse: 'attention',
  errors: 'bad',
}

/** Whether people can log in today, in one look; then why not, and the numbers last. */
export const readinessVerdict = (document: ReadinessDocument): Verdict => {
  const tone = TONES[readinessExit(document)]
  const isKnown =
    document.probes.length === 0 ||
    document.homeserver === undefined ||
    !document.abilities.some(({ deed, can }) => deed === 'log in' && can === 'unknown')
  return {
    tone: tone === 'good' && !isKnown ? 'attention' : tone,
    headline: readinessHeadline(document),
    sentences: [
      ...whySentences(document),
      ...kindSentences(document),
      ...configurationSentences(document),
      ...walkSentences(document),
      ...comparisonSentences(document),
      ...probeSentences(document),
    ],
  }
}

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
  if (kinds.every(({ can }) => can === 'yes')) return []
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
