import type { Account } from '../../../accounts/account.ts'
import type { ConflictCode } from '../../changes.ts'
import { ask, askEqual, NotTried } from '../ask.ts'
import type { ConformanceCase } from '../case.ts'
import type { ForeignPeople } from '../harness.ts'
import { crowd, person } from '../people.ts'
import type { Stage } from '../stage.ts'
import { askOutcomes } from '../told.ts'

const FAMILY = "what is somebody else's"

interface Taken {
  readonly what: string
  readonly kind: keyof ForeignPeople
  readonly code: ConflictCode
  /** Lets somebody else have it. */
  take(foreign: ForeignPeople, account: Account): Promise<void> | undefined
}

const TAKEN: readonly Taken[] = [
  {
    what: 'a name',
    kind: 'username',
    code: 'username_taken',
    take: (foreign, account) => foreign.username?.(account),
  },
  {
    what: 'an e-mail',
    kind: 'email',
    code: 'email_taken',
    take: (foreign, { threepids }) => foreign.email?.(threepids[0]?.address ?? ''),
  },
  {
    what: 'an SSO identity',
    kind: 'identity',
    code: 'identity_taken',
    take: (foreign, { identities: [identity] }) => {
      if (identity === undefined) throw new NotTried('the target has no provider, so nobody has an SSO identity')
      return foreign.identity?.(identity)
    },
  },
  {
    what: 'an access token',
    kind: 'token',
    code: 'token_taken',
    take: (foreign, { accessTokens }) => foreign.token?.(accessTokens[0]?.token ?? ''),
  },
]

const meetsForeign = async (stage: Stage, { what, code, take }: Taken): Promise<void> => {
  const [free, unlucky] = crowd(stage.people, 2)
  if (free === undefined || unlucky === undefined) return
  await stage.migrate({ accounts: [free] })
  await take(stage.harness.foreign ?? {}, unlucky)
  const before = await stage.state()
  const late = person(stage.people, { localpart: 'zz-late' })
  const { changes, outcomes } = await stage.migrate({ accounts: [free, unlucky] })
  const rule = `what is not ours is never touched: ${what} that somebody else has is a conflict (rule 5 of target.ts)`
  const change = changes[1]
  ask(
    change?.change === 'conflict',
    `plan says \`${change?.change}\` of ${unlucky.mxid}, who meets ${what} of somebody else's: ${rule}`,
  )
  ask(change.reason === code, `the conflict's reason is ${change.reason} and must be ${code} (CONFLICTS in changes.ts)`)
  askOutcomes(outcomes.slice(1), 'held back', rule)
  ask(
    outcomes[1]?.reason === code,
    `the outcome's reason is ${outcomes[1]?.reason} and must be the conflict's code, ${code}`,
  )
  askEqual(await stage.state(), before, `Something was written of or over an account in conflict: ${rule}.`)
  const after = await stage.migrate({ accounts: [unlucky, late] })
  askOutcomes(after.outcomes.slice(1), 'created', 'only another account of its batch is in conflict, not this one')
}

export const foreign: readonly ConformanceCase[] = TAKEN.map((taken) => ({
  family: FAMILY,
  name: `${taken.what} that somebody else has is a conflict and stays theirs`,
  needs: (harness) =>
    harness.foreign?.[taken.kind] === undefined
      ? `the harness cannot give ${taken.what} to somebody else (foreign.${taken.kind})`
      : undefined,
  run: (stage) => meetsForeign(stage, taken),
}))
