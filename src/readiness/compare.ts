import type {
  ReadinessAbility,
  ReadinessComparison,
  ReadinessDocument,
  ReadinessProbe,
} from '../report/readiness-document.ts'

type ProbeChange = ReadinessComparison['probes'][number]
type AbilityChange = ReadinessComparison['abilities'][number]

/** What is other now than it was: of probes those that both know, for another version of syn2op may know others. */
export const compareReadiness = (before: ReadinessDocument, now: ReadinessDocument): ReadinessComparison => ({
  before: before.at,
  probes: changedProbes(before.probes, now.probes),
  abilities: changedAbilities(before.abilities, now),
})

/** Whether something that people could do before cannot be done now. */
export const isWorse = ({ abilities }: ReadinessComparison): boolean =>
  abilities.some(({ change }) => change === 'lost')

/** In the order of now. */
const changedProbes = (before: readonly ReadinessProbe[], now: readonly ReadinessProbe[]): readonly ProbeChange[] => {
  const old = byKey(before, codeOf)
  return now.flatMap((current) => {
    const was = old.get(current.code)
    return was !== undefined && isOther(was, current) ? [probeChange(was, current)] : []
  })
}

/** Two passes are the same, whatever was seen: what passes may well say another number each time. */
const isOther = (before: ReadinessProbe, now: ReadinessProbe): boolean => {
  if (before.result !== now.result) return true
  return now.result === 'fail' && (before.seen !== now.seen || before.level !== now.level)
}

const probeChange = (before: ReadinessProbe, now: ReadinessProbe): ProbeChange => ({
  code: now.code,
  before: before.result,
  now: now.result,
  change: changeOf(before.result, now.result),
  seen: [before.seen, now.seen],
})

/** Only a pass that becomes a failure is broken: what was not asked before may have been so all the time. */
const changeOf = (before: ReadinessProbe['result'], now: ReadinessProbe['result']): ProbeChange['change'] => {
  if (before === 'pass' && now === 'fail') return 'broken'
  return before === 'fail' && now === 'pass' ? 'mended' : 'other'
}

const changedAbilities = (before: readonly ReadinessAbility[], now: ReadinessDocument): readonly AbilityChange[] => {
  const [old, current] = [byKey(before, abilityKey), byKey(now.abilities, abilityKey)]
  return [...new Set([...current.keys(), ...old.keys()])].flatMap((key) => {
    const [was, is] = [old.get(key), current.get(key)]
    const one = is ?? was
    // One document alone may have asked nobody about people: then nothing of theirs is other.
    if (one === undefined || before.length === 0 || now.abilities.length === 0) return []
    const change = { client: one.client, deed: one.deed, before: was?.can ?? 'unknown', now: is?.can ?? 'unknown' }
    if (change.before === change.now) return []
    return [
      {
        ...change,
        change: change.before === 'yes' && is !== undefined && hasMoved(is, now) ? 'moved' : abilityChangeOf(change),
      },
    ]
  })
}

/**
 * What apps without OAuth leave to the OP by design, once it has the accounts: it has a page for that, and no probe that fails
 * tells of another cause.
 */
const hasMoved = ({ kind, deed, can, because }: ReadinessAbility, { probes }: ReadinessDocument): boolean =>
  can === 'no' &&
  kind === 'legacy' &&
  hasAtOp(deed, probes) &&
  because.every(({ probe }) => probe === undefined || probe === 'CAPABILITIES') &&
  passes(probes, 'METADATA_STABLE')

const hasAtOp = (deed: ReadinessAbility['deed'], probes: readonly ReadinessProbe[]): boolean =>
  ((deed === 'manage account' || deed === 'manage devices') && passes(probes, 'ACCOUNT_PAGE')) ||
  (deed === 'sign up' && passes(probes, 'SIGN_UP'))

const passes = (probes: readonly ReadinessProbe[], asked: string): boolean =>
  probes.some(({ code, result }) => code === asked && result === 'pass')

const abilityChangeOf = ({ before, now }: Pick<AbilityChange, 'before' | 'now'>): AbilityChange['change'] => {
  if (before === 'yes' && now === 'no') return 'lost'
  return before === 'no' && now === 'yes' ? 'gained' : 'other'
}

const codeOf = ({ code }: ReadinessProbe): string => code

const abilityKey = ({ client, deed }: ReadinessAbility): string => JSON.stringify([client, deed])

const byKey = <T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, T> =>
  new Map(all.map((one) => [keyOf(one), one]))
