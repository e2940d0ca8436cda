import { askEqual } from '../ask.ts'
import type { ConformanceCase } from '../case.ts'
import { crowd, email } from '../people.ts'
import { askChanges, askOutcomes } from '../told.ts'

const FAMILY = 'doing the same twice'

export const sameAgain: readonly ConformanceCase[] = [
  {
    family: FAMILY,
    name: 'creates everybody, and finds everybody again by natural keys',
    async run(stage) {
      const accounts = crowd(stage.people, 5)
      const first = await stage.migrate({ accounts })
      askOutcomes(first.outcomes, 'created', 'nobody was there, and nothing is in the way')
      const before = await stage.state()
      const second = await stage.migrate({ accounts })
      const rule = 'a target must find what it wrote by its natural key (rule 4 of target.ts)'
      askChanges(
        second.changes,
        'unchanged',
        `apply reported it as created, and a second plan does not find it so: ${rule}`,
      )
      askOutcomes(second.outcomes, 'unchanged', `nothing has changed since the first run: ${rule}`)
      askEqual(await stage.state(), before, `A second run changed what the first one wrote: ${rule}.`)
    },
  },
  {
    family: FAMILY,
    name: 'finds everybody again after it was closed and opened',
    async run(stage) {
      const accounts = crowd(stage.people, 3)
      await stage.migrate({ accounts })
      await stage.reopen()
      const found = await stage.look({ accounts })
      askChanges(
        found,
        'unchanged',
        'what was written must be found by another process too, not by memory (rule 4 of target.ts)',
      )
    },
  },
  {
    family: FAMILY,
    name: 'writes what has changed in the source, and only that',
    async run(stage) {
      const [changing, staying] = crowd(stage.people, 2)
      if (changing === undefined || staying === undefined) return
      await stage.migrate({ accounts: [changing, staying] })
      const changed = {
        ...changing,
        isAdmin: true,
        threepids: [...changing.threepids.slice(1), email('another@conformance.example')],
        sessions: changing.sessions.slice(0, 2),
      }
      const { changes, outcomes } = await stage.migrate({ accounts: [changed, staying] })
      askChanges(changes.slice(0, 1), 'update', 'its rights, e-mail and devices have changed in the source')
      askOutcomes(outcomes.slice(0, 1), 'updated', 'its rights, e-mail and devices have changed in the source')
      askOutcomes(outcomes.slice(1), 'unchanged', 'nothing of it has changed; only another account of its batch has')
      const updated = await stage.state()
      askChanges(
        await stage.look({ accounts: [changed, staying] }),
        'unchanged',
        'the update must close the difference',
      )
      await stage.migrate({ accounts: [changing, staying] })
      await stage.migrate({ accounts: [changed, staying] })
      askEqual(
        await stage.state(),
        updated,
        'There and back again must end where it ended before (rule 4 of target.ts).',
      )
    },
  },
]
