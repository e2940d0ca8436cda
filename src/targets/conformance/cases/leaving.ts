import { ask, askEqual } from '../ask.ts'
import type { ConformanceCase } from '../case.ts'
import { crowd } from '../people.ts'
import { askChanges, askOutcomes } from '../told.ts'

const FAMILY = 'accounts that leave'

export const leaving: readonly ConformanceCase[] = [
  {
    family: FAMILY,
    name: 'removes what it wrote of an account that is gone from the source',
    async run(stage) {
      const [staying, leaver] = crowd(stage.people, 2)
      if (staying === undefined || leaver === undefined) return
      await stage.migrate({ accounts: [staying] })
      const without = await stage.state()
      await stage.migrate({ accounts: [staying, leaver] })
      const { changes, outcomes } = await stage.migrate({ accounts: [staying], gone: [leaver.mxid] })
      askChanges(changes.slice(1), 'remove', 'it is gone from the source, and all of it is still as we wrote it')
      askOutcomes(outcomes.slice(1), 'removed', 'it is gone from the source, and all of it is still as we wrote it')
      askOutcomes(outcomes.slice(0, 1), 'unchanged', 'another account of its batch was removed, not this one')
      askEqual(
        await stage.state(),
        without,
        'Something of an account that was removed is left, or too much was removed.',
      )
    },
  },
  {
    family: FAMILY,
    name: 'removes what it wrote of an account that is held back by now',
    async run(stage) {
      const [one] = crowd(stage.people, 1)
      if (one === undefined) return
      const empty = await stage.state()
      await stage.migrate({ accounts: [one] })
      const { outcomes } = await stage.migrate({ heldBack: [{ mxid: one.mxid, reason: 'locked' }] })
      askOutcomes(outcomes, 'removed', 'it was written and is held back by now (changes.ts, ChangeKind)')
      askEqual(await stage.state(), empty, 'Something of an account that was removed is left.')
    },
  },
  {
    family: FAMILY,
    name: 'writes nothing of an account that is held back, and says why it is',
    async run(stage) {
      const [one] = crowd(stage.people, 1)
      if (one === undefined) return
      const empty = await stage.state()
      const { outcomes } = await stage.migrate({ heldBack: [{ mxid: one.mxid, reason: 'guest' }] })
      askOutcomes(outcomes, 'held back', 'the decision holds it back, and nothing of it is at the target')
      ask(
        outcomes[0]?.reason === 'guest',
        `the outcome of an account that is held back has the reason ${outcomes[0]?.reason}: it must be the decision's own, guest`,
      )
      askEqual(await stage.state(), empty, 'An account that is held back was written.')
    },
  },
  {
    family: FAMILY,
    name: 'has nothing to do for an account that is gone and was never written',
    async run(stage) {
      const [one] = crowd(stage.people, 1)
      if (one === undefined) return
      const { outcomes } = await stage.migrate({ gone: [one.mxid] })
      const told = outcomes[0]?.outcome
      ask(
        told === 'unchanged' || told === 'removed',
        `apply reported \`${told}\` for an account that is neither in the source nor at the target: there was nothing to do`,
      )
    },
  },
]
