import type { Account } from '../../accounts/account.ts'
import type { Outcome } from '../changes.ts'
import { ask, askEqual } from './ask.ts'
import type { Stage } from './stage.ts'
import { askOutcomes } from './told.ts'

export const COMMITTED = 'apply reports an account only once the target has committed it (rule 3 of target.ts)'

/** How long a target may take to end after its signal is aborted, or its connection is gone. */
const SOON_MS = 10_000

export const soon = async <Result>(work: Promise<Result>, what: string): Promise<Result> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, SOON_MS, 'late')
  })
  const first = await Promise.race([work, late])
  clearTimeout(timer)
  ask(
    first !== 'late',
    `${what} had not ended ${SOON_MS / 1000} s later: every piece of I/O ends soon after its signal is aborted (rule 6 of target.ts)`,
  )
  return work
}

/** Applies one batch after another while something happens; gives what was reported before it ended by an error. */
export const disturbed = async (
  stage: Stage,
  accounts: readonly Account[],
  { signal, what }: { readonly signal?: AbortSignal; readonly what: string },
): Promise<readonly Outcome[]> => {
  const outcomes: Outcome[] = []
  for (const batch of stage.batches({ accounts })) {
    try {
      const step = signal === undefined ? {} : { signal }
      const changes = await soon(stage.plan(await batch(), step), `plan ${what}`)
      outcomes.push(...(await soon(stage.apply(changes, step), `apply ${what}`)))
    } catch (error) {
      if (error instanceof Error && error.name === 'NotConforming') throw error
      return outcomes
    }
  }
  return outcomes
}

/** What was reported is there, and another run ends where an undisturbed one would have. */
export const askRepaired = async (
  stage: Stage,
  {
    accounts,
    outcomes,
    undisturbed,
    what,
  }: {
    readonly accounts: readonly Account[]
    readonly outcomes: readonly Outcome[]
    readonly undisturbed: unknown
    readonly what: string
  },
): Promise<void> => {
  await stage.reopen()
  const found = await stage.look({ accounts })
  const reported = new Set(outcomes.filter(({ outcome }) => outcome === 'created').map(({ mxid }) => mxid))
  const lost = found.find(({ mxid, change }) => reported.has(mxid) && change !== 'unchanged')
  ask(
    lost === undefined,
    `${lost?.mxid} was reported as created and is not there after ${what} (plan says \`${lost?.change}\`): ${COMMITTED}`,
  )
  await stage.migrate({ accounts })
  askEqual(
    await stage.state(),
    undisturbed,
    `After ${what} another run did not end where an undisturbed one does (rule 4 of target.ts).`,
  )
}

export const undisturbedState = async (stage: Stage, accounts: readonly Account[]): Promise<unknown> => {
  const { outcomes } = await stage.migrate({ accounts })
  askOutcomes(outcomes, 'created', 'nobody was there, and nothing is in the way')
  const state = await stage.state()
  await stage.migrate({ gone: accounts.map(({ mxid }) => mxid) })
  return state
}
