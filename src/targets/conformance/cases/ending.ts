import { ask, askEqual, NotTried } from '../ask.ts'
import type { ConformanceCase } from '../case.ts'
import { crowd } from '../people.ts'
import { askChanges } from '../told.ts'

export const ending: readonly ConformanceCase[] = [
  {
    family: 'closing',
    name: 'can be done twice, and without having done anything',
    async run(stage) {
      const target = stage.target()
      await target.close()
      await target.close().catch((error: unknown) => {
        ask(false, `close() fails when it was called before: ${String(error)}`)
      })
    },
  },
  {
    family: 'closing',
    name: 'keeps nothing back',
    async run(stage) {
      const accounts = crowd(stage.people, 3)
      await stage.migrate({ accounts })
      const before = await stage.state()
      await stage.target().close()
      askEqual(
        await stage.state(),
        before,
        'close() changed what the OP holds: what apply reported was committed before.',
      )
    },
  },
  {
    family: 'rollback',
    name: 'takes back what the run created, and nothing else',
    async run(stage) {
      const [first, second, changed] = crowd(stage.people, 3)
      if (first === undefined || second === undefined || changed === undefined) return
      if (stage.target().rollback === undefined) throw new NotTried('the target has no rollback')
      await stage.migrate({ accounts: [second] }, { runId: 'conformance-2' })
      const without = await stage.state()
      await stage.migrate({ accounts: [first] }, { runId: 'conformance-1' })
      await stage.target().rollback?.('conformance-1', { signal: new AbortController().signal })
      askEqual(await stage.state(), without, 'rollback left something of its run, or took more than that.')
      askChanges(await stage.look({ accounts: [first] }), 'create', 'its run was taken back')
      const personal = (stage.harness.personal ?? []).find(({ removes }) => removes !== true)
      if (personal === undefined) return
      await stage.migrate({ accounts: [changed] }, { runId: 'conformance-3' })
      await personal.change(changed)
      const theirs = await stage.state()
      await stage.target().rollback?.('conformance-3', { signal: new AbortController().signal })
      askEqual(
        await stage.state(),
        theirs,
        `Somebody ${personal.what} since, and rollback took the account: it takes back only what is still as we wrote it.`,
      )
    },
  },
]
