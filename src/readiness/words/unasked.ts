import type { ReadinessProbe } from '../../report/readiness-document.ts'
import { sentence } from './names.ts'

/** What has more asked, as it is typed, and how it stands in what a probe says of itself. */
const WAYS: readonly (readonly [way: string, said: string])[] = [
  ['HOMESERVER', 'No homeserver was given'],
  ['--server-name NAME', '--server-name'],
  ['--register', '--register'],
  ['--token-file FILE', '--token-file'],
  ['--synapse-config FILE', '--synapse-config'],
]

const wayIn = (said: readonly string[]): string | undefined =>
  WAYS.find(([, name]) => said.some((words) => words.includes(name)))?.[0]

/** A line for each way: `--register: REGISTRATION, REVOCATION`. What no option has asked is in none. */
export const unaskedWays = (probes: readonly ReadinessProbe[]): readonly string[] => {
  const unasked = probes.filter(({ result }) => result === 'not asked')
  const ways = Map.groupBy(unasked, (probe) => {
    const own = wayIn([probe.seen, ...probe.remedy])
    if (own !== undefined || probe.remedy.length > 0) return own
    // Of probes with one reason the first may tell the way alone; of the same part, for reasons may be as short as `not asked`.
    const [first] = unasked.filter(({ seen, part }) => seen === probe.seen && part === probe.part)
    return wayIn(first?.remedy ?? [])
  })
  return WAYS.flatMap(([way]) => {
    const codes = ways.get(way)?.map(({ code }) => code) ?? []
    return codes.length === 0 ? [] : [`${way}: ${codes.join(', ')}`]
  })
}

/** Probes that were not asked for the same reason are told together: which, why, and how to have them asked. */
export const unaskedRows = (probes: readonly ReadinessProbe[]): readonly (readonly string[])[] => {
  const unasked = probes.filter(({ result }) => result === 'not asked')
  const howOf = ({ remedy }: ReadinessProbe): string => remedy.map(sentence).join(' ')
  const groups = Map.groupBy(unasked, (probe) => JSON.stringify([probe.seen, howOf(probe)]))
  return [...groups.values()].flatMap((group) =>
    group.slice(0, 1).map((first) => [group.map(({ code }) => code).join(', '), sentence(first.seen), howOf(first)]),
  )
}
