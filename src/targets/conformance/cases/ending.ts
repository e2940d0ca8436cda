import { ask, askEqual } from '../ask.ts'
import type { ConformanceCase } from '../case.ts'
import { crowd } from '../people.ts'

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
]
