import { ask } from '../ask.ts'
import type { ConformanceCase } from '../case.ts'
import { COMMITTED } from '../disturb.ts'
import { crowd } from '../people.ts'
import { askOutcomes } from '../told.ts'

export const badAccounts: readonly ConformanceCase[] = [
  {
    family: 'bad accounts',
    name: 'one that is refused is rejected with a reason, and the others are written',
    needs: ({ refuse }) =>
      refuse === undefined ? 'the harness cannot make the OP refuse an account (refuse)' : undefined,
    async run(stage) {
      const accounts = crowd(stage.people, 5)
      const bad = accounts[2]
      if (bad === undefined) return
      const allow = await stage.harness.refuse?.(bad.mxid)
      const { outcomes } = await stage.migrate({ accounts })
      const rule =
        'one bad account is `rejected` with the target’s own words, and the others are written all the same (rule 3 of target.ts)'
      askOutcomes(outcomes.slice(2, 3), 'rejected', rule)
      askOutcomes(outcomes.toSpliced(2, 1), 'created', `${bad.mxid} of its batch was refused, not this one: ${rule}`)
      ask((outcomes[2]?.message ?? '') !== '', `a rejected account has no message: ${rule}`)
      await stage.reopen()
      const found = await stage.look({ accounts })
      const missing = found.find(({ mxid, change }) => mxid !== bad.mxid && change !== 'unchanged')
      ask(missing === undefined, `${missing?.mxid} was reported as created and is not there: ${COMMITTED}`)
      ask(
        found[2]?.change === 'create',
        `plan says \`${found[2]?.change}\` of an account that was rejected: nothing of it may have been written`,
      )
      await allow?.()
      const { outcomes: later } = await stage.migrate({ accounts })
      askOutcomes(later.slice(2, 3), 'created', 'the target no longer refuses it: the next run must try it again')
    },
  },
]
