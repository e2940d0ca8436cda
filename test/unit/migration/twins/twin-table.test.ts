import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { twinTable } from '../../../../src/migration/twins/twin-table.ts'

const name = fc.record({
  mxid: fc.constantFrom('@ann', '@bob', '@carl', '@dora'),
  text: fc.stringMatching(/^[abAB]{1,2}$/),
})

const isPlain = (text: string): boolean => text === text.toLowerCase()

describe('the table of twins', () => {
  test('counts what a grouping by the folded name counts, in whatever order it is told of them, and however often of a plain one', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { selector: ({ text }) => text, maxLength: 20 }),
        fc.infiniteStream(fc.nat(2)),
        (names, again) => {
          const table = twinTable()
          const groups = new Map<string, { readonly mxid: string; readonly text: string }[]>()
          for (const one of names) {
            const folded = one.text.toLowerCase()
            const as = isPlain(one.text) ? ('plain' as const) : ('foldable' as const)
            groups.set(folded, [...(groups.get(folded) ?? []), one])
            const times = as === 'plain' ? 1 + (again.next().value ?? 0) : 1
            for (let time = 0; time < times; time++) table.add({ mxid: one.mxid, folded, as })
          }
          const twins = [...groups].filter(([, group]) => group.length > 1)
          const whose = (group: readonly { readonly mxid: string }[]): number =>
            new Set(group.map(({ mxid }) => mxid)).size
          const sum = (those: typeof twins): number => those.reduce((all, [, group]) => all + group.length, 0)
          expect(table.count()).toEqual({
            ofSeveral: sum(twins.filter(([, group]) => whose(group) > 1)),
            ofOne: sum(twins.filter(([, group]) => whose(group) === 1)),
          })
          for (const [folded, group] of groups) {
            const kind = group.length < 2 ? undefined : whose(group) > 1 ? 'ofSeveral' : 'ofOne'
            expect(table.kindOf(folded)).toBe(kind)
          }
        },
      ),
    )
  })

  test('holds more names than it had room for at first', () => {
    const table = twinTable()
    for (let n = 0; n < 3000; n++) table.add({ mxid: `@Name${n}`, folded: `name${n % 2999}`, as: 'foldable' })
    expect(table.count()).toEqual({ ofSeveral: 2, ofOne: 0 })
  })
})
