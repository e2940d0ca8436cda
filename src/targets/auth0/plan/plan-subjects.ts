import type { RunNames } from '../../slow-road/run-names.ts'
import { type Mover, type Need, type Standing, standingsOf } from '../../slow-road/standings.ts'
import { settleNames } from '../../slow-road/subject.ts'
import type { ConnectionRules } from '../accounts/user-rules.ts'
import type { Census } from '../census/census-file.ts'
import type { Auth0Tenant } from '../tenant.ts'
import { type Held, heldNames, mayGiveUp } from './holders.ts'
import { judgeClaimed, judgeHolders } from './judge-holders.ts'
import { givenUp, newNames } from './names.ts'
import type { KnownSubject, PlannedSubject } from './subject.ts'

export interface Knowing {
  readonly census: Pick<Census, 'holder'>
  /** What the connection takes. */
  readonly takes: ConnectionRules
  /** `foreseen`: of two that want the same address the second does not get it. `awaited`: it may, once the first has been written. */
  readonly claims: 'foreseen' | 'awaited'
  readonly runNames: RunNames
  /** Whether everybody has had their turn but those who wait. */
  readonly isLast: boolean
  readonly plan: (subject: KnownSubject) => PlannedSubject
}

type Rules = Pick<Auth0Tenant, 'conflicts' | 'serverName' | 'config'>

/**
 * Plans accounts that are written together: who has the names that they are to get, whether those give them up, and what the mapping
 * says where they do not. In their order.
 */
export const planSubjects = (
  rules: Rules,
  subjects: readonly KnownSubject[],
  knowing: Knowing,
): readonly PlannedSubject[] => {
  const needOf = (held: Held): Need => {
    const { name, holder, isLeft } = held
    const isMovable = mayGiveUp(held, { serverName: rules.serverName, connection: rules.config.connection })
    const { isLast, runNames } = knowing
    return {
      name,
      holder: holder.id,
      isLeft,
      otherwise: isMovable ? runNames.standing({ id: holder.id, name, isLast }) : 'keeps',
    }
  }
  const movers = subjects.map((subject): Moving => {
    const planned = knowing.plan(subject)
    const { id, seen } = subject
    const names = newNames(planned.requests, seen.present)
    const held = heldNames(
      knowing.census,
      { id, names },
      {
        conflicts: rules.conflicts,
        takes: knowing.takes,
      },
    )
    return { planned, id, held, gives: new Set(givenUp(planned.requests)), needs: held.map(needOf) }
  })
  const standing = standingsOf(movers)
  return movers.map((one) => settled(rules, one, { ...knowing, standing: (held) => standing(needOf(held)) }))
}

interface Moving extends Mover {
  /** As if nothing were in its way. */
  readonly planned: PlannedSubject
  readonly held: readonly Held[]
}

const settled = (
  { conflicts }: Rules,
  { planned, held, gives }: Moving,
  { standing, runNames, takes, claims, isLast, plan }: Knowing & { readonly standing: (held: Held) => Standing },
): PlannedSubject => {
  const subject: KnownSubject = { ...planned.subject, gives: [...gives] }
  const { wanted, id, seen } = subject
  return settleNames(
    { ...planned, subject },
    {
      judged: wanted === undefined ? undefined : judgeHolders(wanted, held, standing),
      plan,
      claim: ({ requests }) =>
        takes.sharesEmails === true || runNames.claim(newNames(requests, seen.present).email?.toLowerCase(), id),
      claims,
      isLast,
      judgeClaimed: (without) => judgeClaimed(wanted, without, conflicts),
    },
  )
}
