import { expect, it } from 'vitest'
import { readinessFlags } from '../../../src/cli/readiness-flags.ts'
import Readiness from '../../../src/commands/readiness.ts'

const optionsOf = (line: string): readonly string[] =>
  [...line.matchAll(/--([a-z-]+)/gu)].map(([, name]) => String(name))

it('shows options that belong to another one beside it, and none that do not exist or go together', () => {
  const lines = Readiness.usage.map(optionsOf)
  const flags = Object.entries(readinessFlags)
  expect(lines.flat().filter((name) => !Object.hasOwn(readinessFlags, name))).toEqual([])
  for (const [name, { dependsOn = [], exclusive = [] }] of flags) {
    const shown = lines.filter((line) => line.includes(name))
    if (dependsOn.length > 0) expect(shown).toHaveLength(1)
    for (const other of dependsOn) expect(shown[0]).toContain(other)
    for (const other of exclusive) expect(shown.flat()).not.toContain(other)
  }
})
