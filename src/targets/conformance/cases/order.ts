import type { Account } from '../../../accounts/account.ts'
import { askEqual } from '../ask.ts'
import type { ConformanceCase } from '../case.ts'
import { crowd, identities } from '../people.ts'
import type { Stage } from '../stage.ts'
import { askChanges, askOutcomes } from '../told.ts'

const FAMILY = 'order'

const inParts = async (stage: Stage, parts: readonly (readonly Account[])[]): Promise<void> => {
  for (const accounts of parts) {
    const { outcomes } = await stage.migrate({ accounts })
    askOutcomes(outcomes, 'created', 'nobody was there, and nothing is in the way')
  }
}

export const order: readonly ConformanceCase[] = [
  {
    family: FAMILY,
    name: 'batches may come in any order',
    async run(stage) {
      const everybody = crowd(stage.people, 9)
      const parts = [everybody.slice(0, 2), everybody.slice(2, 7), everybody.slice(7)]
      await inParts(stage, parts)
      const forwards = await stage.state()
      await stage.migrate({ gone: everybody.map(({ mxid }) => mxid) })
      await inParts(stage, parts.toReversed())
      askEqual(
        await stage.state(),
        forwards,
        'The same batches in another order led to another state: order is the core’s (rule 1 of target.ts).',
      )
      askChanges(await stage.look({ accounts: everybody }), 'unchanged', 'all batches were applied, in reverse order')
    },
  },
  {
    family: FAMILY,
    name: 'an SSO identity that moves between two accounts ends at the new one, whichever comes first',
    async run(stage) {
      const [first, last] = crowd(stage.people, 2)
      if (first === undefined || last === undefined) return
      const moving = identities(stage.people, 'moves about')
      const atFirst: readonly Account[] = [
        { ...first, identities: moving },
        { ...last, identities: [] },
      ]
      const atLast: readonly Account[] = [
        { ...first, identities: [] },
        { ...last, identities: moving },
      ]
      await stage.migrate({ accounts: atFirst })
      for (const accounts of [atLast, atFirst]) {
        await stage.migrateInTurn(accounts.map((account) => ({ accounts: [account] })))
        askChanges(
          await stage.look({ accounts }),
          'unchanged',
          'an SSO identity of ours that moved in the source must be at its new account after both were applied, and only there',
        )
      }
    },
  },
]
