import type {
  ReadinessAbility,
  ReadinessComparison,
  ReadinessDocument,
  ReadinessProbe,
} from '../report/readiness-document.ts'

type ProbeChange = ReadinessComparison['probes'][number]
type AbilityChange = ReadinessComparison['abilities'][number]

/** Said of a probe that one of the two documents does not have: it is of another version of syn2op, or of another question. */
const NOT_THERE = 'not looked at'

/** What is other now than it was; a probe or an ability that only one of the two knows is `unknown` in the other. */
export const compareReadiness = (before: ReadinessDocument, now: ReadinessDocument): ReadinessComparison => ({
  before: before.at,
  probes: changedProbes(before.probes, now.probes),
  abilities: changedAbilities(before.abilities, now.abilities),
})

/** Whether something that people could do before cannot be done now. */
export const isWorse = ({ abilities }: ReadinessComparison): boolean =>
  abilities.some(({ change }) => change === 'lost')

/** In the order of now, then what is no longer asked. */
const changedProbes = (before: readonly ReadinessProbe[], now: readonly ReadinessProbe[]): readonly ProbeChange[] => {
  const [old, current] = [byKey(before, codeOf), byKey(now, codeOf)]
  return [...new Set([...current.keys(), ...old.keys()])]
    .filter((code) => isOther(old.get(code), current.get(code)))
    .map((code) => probeChange(code, old.get(code), current.get(code)))
}

/** Two passes are the same, whatever was seen: what passes may well say another number each time. */
const isOther = (before: ReadinessProbe | undefined, now: ReadinessProbe | undefined): boolean => {
  if (before?.result !== now?.result) return true
  return now?.result === 'fail' && (before?.seen !== now.seen || before.level !== now.level)
}

const probeChange = (
  code: string,
  before: ReadinessProbe | undefined,
  now: ReadinessProbe | undefined,
): ProbeChange => ({
  code,
  before: before?.result ?? 'unknown',
  now: now?.result ?? 'unknown',
  change: changeOf(before?.result, now?.result),
  seen: [before?.seen ?? NOT_THERE, now?.seen ?? NOT_THERE],
})

/** Only a pass that becomes a failure is broken: what was not asked before may have been so all the time. */
const changeOf = (
  before: ReadinessProbe['result'] | undefined,
  now: ReadinessProbe['result'] | undefined,
): ProbeChange['change'] => {
  if (before === 'pass' && now === 'fail') return 'broken'
  return before === 'fail' && now === 'pass' ? 'mended' : 'other'
}

const changedAbilities = (
  before: readonly ReadinessAbility[],
  now: readonly ReadinessAbility[],
): readonly AbilityChange[] => {
  const [old, current] = [byKey(before, abilityKey), byKey(now, abilityKey)]
  return [...new Set([...current.keys(), ...old.keys()])].flatMap((key) => {
    const [was, is] = [old.get(key), current.get(key)]
    const one = is ?? was
    // One document alone may have asked nobody about people: then nothing of theirs is other.
    if (one === undefined || before.length === 0 || now.length === 0) return []
    const change = { client: one.client, deed: one.deed, before: was?.can ?? 'unknown', now: is?.can ?? 'unknown' }
    return change.before === change.now ? [] : [{ ...change, change: abilityChangeOf(change) }]
  })
}

const abilityChangeOf = ({ before, now }: Pick<AbilityChange, 'before' | 'now'>): AbilityChange['change'] => {
  if (before === 'yes' && now === 'no') return 'lost'
  return before === 'no' && now === 'yes' ? 'gained' : 'other'
}

const codeOf = ({ code }: ReadinessProbe): string => code

const abilityKey = ({ client, deed }: ReadinessAbility): string => JSON.stringify([client, deed])

const byKey = <T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, T> =>
  new Map(all.map((one) => [keyOf(one), one]))
