import type { Account } from '../../../accounts/account.ts'
import { ask, askEqual } from '../ask.ts'
import type { ConformanceCase } from '../case.ts'
import type { ConformanceHarness, PersonalChange } from '../harness.ts'
import { bcryptHash, crowd } from '../people.ts'
import type { Stage } from '../stage.ts'

const FAMILY = 'what people changed at the target'
const RULE =
  'what was ours and has been changed at the target since is theirs: reported, never overwritten (rule 5 of target.ts)'

/** The same account with every row of what a person can change changed in the source too. */
const alsoChanged = (account: Account): Account => ({
  ...account,
  passwordHash: bcryptHash(`another password of ${account.mxid}`),
  threepids: account.threepids.map((one) => ({ ...one, addedAt: one.addedAt + 86_400_000 })),
  sessions: account.sessions.map((one) => ({ ...one, displayName: 'renamed in the source' })),
})

const staysTheirs = async (stage: Stage, { what, relation, change }: PersonalChange): Promise<void> => {
  const [account] = crowd(stage.people, 1)
  if (account === undefined) return
  await stage.migrate({ accounts: [account] })
  await change(account)
  const theirs = await stage.state()
  const { changes } = await stage.migrate({ accounts: [account] })
  askEqual(await stage.state(), theirs, `Somebody ${what} at the target, and a second run undid it: ${RULE}.`)
  const told = changes[0]?.rows.find((row) => row.relation === relation)
  ask(
    (told?.theirs ?? 0) > 0,
    `Somebody ${what} at the target, and plan counts no row of ${relation} as theirs: ${RULE}`,
  )
}

const staysTheirsWhenTheSourceMoves = async (
  stage: Stage,
  { what, relation, change }: PersonalChange,
): Promise<void> => {
  const [account] = crowd(stage.people, 1)
  if (account === undefined) return
  await stage.migrate({ accounts: [account] })
  await change(account)
  const [before] = await stage.look({ accounts: [account] })
  await stage.migrate({ accounts: [alsoChanged(account)] })
  const [after] = await stage.look({ accounts: [alsoChanged(account)] })
  const theirs = (rows: typeof before): number => rows?.rows.find((row) => row.relation === relation)?.theirs ?? 0
  ask(
    theirs(after) > 0 && theirs(after) >= theirs(before),
    `Somebody ${what} at the target and the source changed the same since: a run took ${relation} back from them: ${RULE}`,
  )
}

const sparesAccount = async (stage: Stage, { what, change }: PersonalChange): Promise<void> => {
  const [account] = crowd(stage.people, 1)
  if (account === undefined) return
  await stage.migrate({ accounts: [account] })
  await change(account)
  const theirs = await stage.state()
  const { outcomes } = await stage.migrate({ gone: [account.mxid] })
  askEqual(await stage.state(), theirs, `An account whose owner ${what} at the target was removed: ${RULE}.`)
  ask(outcomes[0]?.outcome !== 'removed', `apply reports an account as removed of which rows are theirs: ${RULE}`)
}

const WORKS: readonly {
  readonly fate: string
  readonly run: (stage: Stage, change: PersonalChange) => Promise<void>
  /** Whether it is asked of a change that leaves no row. */
  readonly ofRemovals: 'too' | 'not'
}[] = [
  { fate: 'is told as theirs and stays', run: staysTheirs, ofRemovals: 'too' },
  { fate: 'stays although the source has changed the same', run: staysTheirsWhenTheSourceMoves, ofRemovals: 'too' },
  { fate: 'keeps the account from being removed', run: sparesAccount, ofRemovals: 'not' },
]

/** A case of each kind for everything that the harness says people can do. */
export const theirs = ({ personal = [] }: ConformanceHarness): readonly ConformanceCase[] => {
  if (personal.length === 0) {
    return WORKS.map(({ fate }) => ({
      family: FAMILY,
      name: fate,
      needs: () => 'the harness cannot change anything as a person would (personal)',
      run: async () => {},
    }))
  }
  return personal.flatMap((change) =>
    WORKS.filter(({ ofRemovals }) => ofRemovals === 'too' || change.removes !== true).map(({ fate, run }) => ({
      family: FAMILY,
      name: `who ${change.what}: it ${fate}`,
      run: (stage: Stage) => run(stage, change),
    })),
  )
}
