import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { isLeftOver } from '../../../src/cli/left-over-stagings.ts'

const HOUR = 3_600_000
const now = Date.parse('2026-11-21T03:00:00Z')
const moments = { now, booted: now - 72 * HOUR }
const dead = spawnSync(process.execPath, ['--version']).pid
const another = process.ppid
const own = process.pid

describe('what a staging has left', () => {
  it.each([
    ['is from before the machine was started, whoever has the number by now', another, 73, true],
    ['is from before the machine was started, and has our number', own, 73, true],
    ['is a day old, and its maker is gone', dead, 25, true],
    // In a container the dead one often had it.
    ['is a day old, and has our number', own, 25, true],
    ['is a day old, and somebody has the number', another, 25, false],
    // It may belong to another container, whose processes are not seen.
    ['is younger, and nobody has the number', dead, 23, false],
    ['is younger, and has our number', own, 23, false],
  ])('%s', (_, pid, hours, goes) => {
    expect(isLeftOver({ pid, made: now - hours * HOUR }, moments)).toBe(goes)
  })
})
