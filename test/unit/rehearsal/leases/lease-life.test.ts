import { describe, expect, it } from 'vitest'
import { mayLive } from '../../../../src/rehearsal/leases/lease-life.ts'

const HOUR = 3_600_000
const made = Date.UTC(2026, 10, 23, 12)
const record = { place: 'vm 1f3a pid:[4026531836] boot', started: 'boot/100', made }

describe('whether a rehearsal may live', () => {
  const here = { now: made + 1000 * HOUR, heard: made, place: record.place }

  it('is seen by its process, however old it is', () => {
    expect(mayLive(record, { ...here, started: 'boot/100' })).toBe(true)
  })

  it('is not taken from another process that has its number by now', () => {
    expect(mayLive(record, { ...here, now: made + 1, started: 'boot/2000' })).toBe(false)
  })

  it('ends with its process', () => {
    expect(mayLive(record, { ...here, now: made + 1, started: undefined })).toBe(false)
  })

  describe('where its process cannot be seen', () => {
    const elsewhere = { place: 'other 2c4d pid:[4026531836] another', started: undefined }

    it.each([
      ['it is young, and was not heard of', 335, 0, true],
      ['it is old, and was heard of', 340, 339.5, true],
      ['it is old, and was not heard of for an hour', 340, 338, false],
    ])('%s', (_, now, heard, lives) => {
      const observed = { ...elsewhere, now: made + now * HOUR, heard: made + heard * HOUR }
      expect(mayLive(record, observed)).toBe(lives)
    })

    it('does not take a process of ours for it, whatever its start', () => {
      const observed = { ...elsewhere, started: record.started, now: made + 340 * HOUR, heard: made }
      expect(mayLive(record, observed)).toBe(false)
    })
  })
})
