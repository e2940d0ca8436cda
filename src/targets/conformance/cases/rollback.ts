import type { Account } from '../../../accounts/account.ts'
import type { Outcome } from '../../changes.ts'
import { ask, askEqual, NotTried } from '../ask.ts'
import type { ConformanceCase } from '../case.ts'
import { crowd, email } from '../people.ts'
import type { Stage } from '../stage.ts'
import { askChanges, askOutcomes } from '../told.ts'

const FAMILY = 'rollback'

/** @throws NotTried where the target has none: then the core refuses to take its runs back. */
const takeBack = async (stage: Stage, runId: string, accounts: readonly Account[]): Promise<readonly Outcome[]> => {
  const target = stage.target()
  if (target.rollback === undefined) throw new NotTried('the target has no rollback')
  return target.rollback(
    { runId, accounts: accounts.map(({ mxid }) => mxid) },
    { signal: new AbortController().signal },
  )
}

const withEmail = (account: Account, address: string): Account => ({
  ...account,
  threepids: [...account.threepids, email(address)],
})

export const rollback: readonly ConformanceCase[] = [
  {
    family: FAMILY,
    name: 'takes back what the run created, and nothing else',
    async run(stage) {
      const [first, second] = crowd(stage.people, 2)
      if (first === undefined || second === undefined) return
      await stage.migrate({ accounts: [second] }, { runId: 'conformance-2' })
      const without = await stage.state()
      await stage.migrate({ accounts: [first] }, { runId: 'conformance-1' })
      const whole = await stage.state()
      const outcomes = await takeBack(stage, 'conformance-1', [first, second])
      askEqual(await stage.state(), without, 'rollback left something of its run, or took more than that.')
      ask(
        outcomes.length === 1 && outcomes[0]?.mxid === first.mxid,
        `rollback told of ${outcomes.map(({ mxid }) => mxid).join(', ') || 'nobody'}: it must tell of every account that its run wrote, and of no other`,
      )
      askOutcomes(outcomes, 'removed', 'all that its run created of it is gone')
      askChanges(await stage.look({ accounts: [first] }), 'create', 'its run was taken back')
      await stage.migrate({ accounts: [first] }, { runId: 'conformance-3' })
      askEqual(await stage.state(), whole, 'An account that was taken back and migrated again is not what it was.')
    },
  },
  {
    family: FAMILY,
    name: 'takes back of those alone who are asked for',
    async run(stage) {
      const accounts = crowd(stage.people, 3)
      await stage.migrate({ accounts: accounts.slice(1) })
      const without = await stage.state()
      await stage.migrate({ accounts: accounts.slice(0, 1) })
      const outcomes = await takeBack(stage, 'conformance-1', accounts.slice(0, 1))
      askEqual(await stage.state(), without, 'rollback was asked for one account of its run and took others with it.')
      ask(outcomes.length === 1, 'rollback must tell of the accounts that it was asked for, and of no others.')
    },
  },
  {
    family: FAMILY,
    name: 'can be repeated, and finds nothing of a run that is not there',
    async run(stage) {
      const accounts = crowd(stage.people, 3)
      await stage.migrate({ accounts })
      const all = await stage.state()
      askOutcomes(await takeBack(stage, 'conformance-9', accounts), 'unchanged', 'there was no such run')
      askEqual(await stage.state(), all, 'Taking back a run that was never there changed the target.')
      await takeBack(stage, 'conformance-1', accounts)
      const none = await stage.state()
      await takeBack(stage, 'conformance-1', accounts)
      askEqual(await stage.state(), none, 'Taking the same run back once more changed the target.')
    },
  },
  {
    family: FAMILY,
    name: 'leaves an account that an earlier run wrote, without what its own run added',
    async run(stage) {
      const [one] = crowd(stage.people, 1)
      if (one === undefined) return
      await stage.migrate({ accounts: [one] })
      const before = await stage.state()
      await stage.migrate({ accounts: [withEmail(one, 'later@conformance.example')] }, { runId: 'conformance-2' })
      await takeBack(stage, 'conformance-2', [one])
      askEqual(await stage.state(), before, 'What an earlier run wrote must stay, and what this one added must go.')
    },
  },
  {
    family: FAMILY,
    name: 'leaves what people have changed since',
    async run(stage) {
      const [changed, other] = crowd(stage.people, 2)
      if (changed === undefined || other === undefined) return
      const personal = (stage.harness.personal ?? []).find(({ removes }) => removes !== true)
      if (personal === undefined) throw new NotTried('the harness has no `personal` change that removes nothing')
      await stage.migrate({ accounts: [changed] })
      await personal.change(changed)
      const theirs = await stage.state()
      await stage.migrate({ accounts: [other] })
      const outcomes = await takeBack(stage, 'conformance-1', [changed, other])
      askEqual(
        await stage.state(),
        theirs,
        `Somebody ${personal.what} since, and rollback took the account: it takes back only what is still as we wrote it.`,
      )
      askOutcomes(
        outcomes.filter(({ mxid }) => mxid === changed.mxid),
        'unchanged',
        'somebody has changed it since, so it stays',
      )
    },
  },
]
