import { RELATIONS, type Relation } from '../accounts/relations.ts'
import type { Finding } from '../findings/finding.ts'
import type { PlanDocument, RelationCount } from './documents.ts'
import type { LinkDocument } from './link-document.ts'
import type { PredictionCount } from './plan-parts.ts'
import { reasonText } from './words.ts'

/** One line of what goes where: a relation, or under it a reason for which rows of it are left. */
export interface MoveLine {
  readonly what: string
  readonly read?: number
  /** Absent where the target takes nothing of this kind. */
  readonly logins?: number
  readonly accounts?: number
  readonly left?: number
}

interface OneMove {
  readonly relation: Relation
  readonly logins: RelationCount | undefined
  readonly accounts: RelationCount | undefined
}

type Relations = Pick<PlanDocument, 'relations' | 'target'>

const MOVES_ON = 'moves_to_other_target'

/** What of each relation goes to which of two targets. Rows that one leaves to the other one are left by nobody. */
export const moveLines = (
  [logins, accounts]: readonly [Relations, Relations],
  nameOf: (relation: Relation) => string,
): readonly MoveLine[] =>
  RELATIONS.flatMap((relation): readonly MoveLine[] => {
    const move: OneMove = { relation, logins: countOf(logins, relation), accounts: countOf(accounts, relation) }
    const read = move.logins?.read ?? move.accounts?.read
    if (read === undefined) return []
    const [first, second] = [takenBy(move.logins), takenBy(move.accounts)]
    const reasons = leftLines(first, second, [logins.target.product, accounts.target.product])
    return [
      {
        what: nameOf(relation),
        read,
        ...(first === undefined ? {} : { logins: first.carried }),
        ...(second === undefined ? {} : { accounts: second.carried }),
        left: read - Math.max(first?.carried ?? 0, second?.carried ?? 0),
      },
      ...reasons,
    ]
  })

const countOf = ({ relations }: Relations, wanted: Relation): RelationCount | undefined =>
  relations.find(({ relation }) => relation === wanted)

/** Nothing, where all that could be carried goes to the other one. */
const takenBy = (count: RelationCount | undefined): RelationCount | undefined =>
  count?.left.some(({ reason }) => reason === MOVES_ON) ? undefined : count

const leftLines = (
  first: RelationCount | undefined,
  second: RelationCount | undefined,
  [firstName, secondName]: readonly [string, string],
): readonly MoveLine[] => {
  const codes = [...new Set([first, second].flatMap((one) => one?.left.map(({ reason }) => reason) ?? []))]
  const of = (one: RelationCount | undefined, code: string): number =>
    one?.left.find(({ reason }) => reason === code)?.count ?? 0
  return codes.flatMap((code): readonly MoveLine[] => {
    const [here, there] = [of(first, code), of(second, code)]
    const what = `  ${reasonText(code)}`
    if (first === undefined || second === undefined || here === there) return [{ what, left: Math.max(here, there) }]
    return [
      ...(here === 0 ? [] : [{ what: `${what} (${firstName})`, left: here }]),
      ...(there === 0 ? [] : [{ what: `${what} (${secondName})`, left: there }]),
    ]
  })
}

interface FoundBy {
  readonly of: string
  readonly findings: readonly Finding[]
}

/** Findings of several looks: what all targets find is about the source, and the others say whose they are. */
export const findingsOfTwo = (
  [logins, accounts]: readonly [Relations & FoundPlan, Relations & FoundPlan],
  links: LinkDocument | undefined,
): readonly Finding[] => {
  const looks: readonly FoundBy[] = [
    { of: logins.target.product, findings: logins.findings },
    { of: accounts.target.product, findings: accounts.findings },
    ...(links === undefined ? [] : [{ of: 'Links', findings: links.findings }]),
  ]
  const keyOf = ({ code, message, accepted }: Finding): string => [code, message, accepted ?? ''].join('\n')
  const counts = new Map<string, number>()
  for (const { findings } of looks) {
    for (const found of findings) counts.set(keyOf(found), (counts.get(keyOf(found)) ?? 0) + 1)
  }
  const all = looks.flatMap(({ of, findings }) =>
    findings.map((found): readonly [string, Finding] => {
      const key = keyOf(found)
      return [key, (counts.get(key) ?? 0) > 1 ? found : { ...found, message: `${of}: ${found.message}` }]
    }),
  )
  return [...new Map(all).values()]
}

interface FoundPlan {
  readonly findings: readonly Finding[]
}

/** What will be different for people by either: of what both foretell it is the same people. */
export const predictionsOfTwo = (
  lists: readonly (readonly PredictionCount[] | undefined)[],
): readonly PredictionCount[] | undefined => {
  const given = lists.flatMap((list) => (list === undefined ? [] : [list]))
  if (given.length === 0) return undefined
  const most = new Map<string, PredictionCount>()
  for (const one of given.flat()) {
    const key = `${one.what}\n${one.reason}`
    const before = most.get(key)
    if (before === undefined || before.count < one.count) most.set(key, one)
  }
  return [...most.values()]
}
