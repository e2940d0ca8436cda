import { setTimeout as sleep } from 'node:timers/promises'
import type { Outcome } from '../../changes.ts'
import { ask, askEqual } from '../ask.ts'
import type { ConformanceCase } from '../case.ts'
import { askRepaired, disturbed, soon, undisturbedState } from '../disturb.ts'
import { crowd } from '../people.ts'

export const disturbances: readonly ConformanceCase[] = [
  {
    family: 'stopping',
    name: 'a plan whose signal is aborted ends soon and writes nothing',
    async run(stage) {
      const accounts = crowd(stage.people, 3)
      const empty = await stage.state()
      const told = await disturbed(stage, accounts, { signal: AbortSignal.abort(), what: 'with an aborted signal' })
      ask(
        told.every(({ outcome }) => outcome === 'not attempted'),
        'apply wrote something although its signal was aborted before it began: it must end at once (rule 6 of target.ts)',
      )
      askEqual(
        await stage.state(),
        empty,
        'Something was written although the signal was aborted before the begin (rule 6 of target.ts).',
      )
    },
  },
  {
    family: 'stopping',
    name: 'an apply whose signal is aborted before it begins writes nothing',
    async run(stage) {
      const accounts = crowd(stage.people, 3)
      const empty = await stage.state()
      for (const batch of stage.batches({ accounts })) {
        const changes = await stage.plan(await batch())
        const told = await soon(
          stage.apply(changes, { signal: AbortSignal.abort() }).catch(rethrowNotConforming),
          'apply with an aborted signal',
        )
        ask(
          told.every(({ outcome }) => outcome === 'not attempted'),
          'apply reported something else than `not attempted` although its signal was aborted before it began (rule 6 of target.ts)',
        )
        await changes.discard()
      }
      await stage.reopen()
      askEqual(
        await stage.state(),
        empty,
        'apply wrote although its signal was aborted before it began (rule 6 of target.ts).',
      )
    },
  },
  {
    family: 'stopping',
    name: 'an apply that is stopped ends soon and has reported only what is there',
    async run(stage) {
      const accounts = crowd(stage.people, 60)
      const undisturbed = await undisturbedState(stage, accounts)
      for (const delay of [1, 10, 40]) {
        const stop = new AbortController()
        const timer = setTimeout(() => stop.abort(), delay)
        const outcomes = await disturbed(stage, accounts, {
          signal: stop.signal,
          what: `${delay} ms after its signal was aborted`,
        })
        clearTimeout(timer)
        await askRepaired(stage, { accounts, outcomes, undisturbed, what: 'a stop' })
        await stage.migrate({ gone: accounts.map(({ mxid }) => mxid) })
      }
    },
  },
  {
    family: 'lost connections',
    name: 'what was reported before the connection was lost is there, and another run does the rest',
    needs: ({ breakConnection }) =>
      breakConnection === undefined ? 'the harness cannot break the connection (breakConnection)' : undefined,
    async run(stage) {
      const accounts = crowd(stage.people, 60)
      const undisturbed = await undisturbedState(stage, accounts)
      for (const delay of [0, 10, 40]) {
        const broken = sleep(delay).then(() => stage.harness.breakConnection?.())
        const outcomes = await disturbed(stage, accounts, { what: 'whose connection was lost' })
        await broken
        await askRepaired(stage, { accounts, outcomes, undisturbed, what: 'a lost connection' })
        await stage.migrate({ gone: accounts.map(({ mxid }) => mxid) })
      }
    },
  },
]

const rethrowNotConforming = (error: unknown): readonly Outcome[] => {
  if (error instanceof Error && error.name === 'NotConforming') throw error
  return []
}
