import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nightOf, type RehearsedNight } from '../../../src/rehearsal/night.ts'
import { planDocument, runDocument, verifyDocument } from '../../support/documents.ts'
import { rehearsalDocument } from '../../support/rehearsal-documents.ts'

const rehearsed: RehearsedNight = {
  plan: planDocument,
  run: runDocument,
  verify: verifyDocument,
  people: 'real',
  steps: rehearsalDocument.steps,
  durability: 'usual',
  readFrom: 'postgres',
}

/** What migrating and verifying took. */
const TOOK = 8030 + 4100
const SIZE = { accounts: 48_210, rows: 414_148 }

const slowly = { ...rehearsed, run: { ...runDocument, tables: [] } }

const millisecondsOf = (night: RehearsedNight) => {
  const { milliseconds } = nightOf(night) ?? {}
  if (milliseconds === undefined) throw new Error('nothing was foretold')
  return milliseconds
}

const wide = ({ least, most }: { least: number; most: number }): number => most / least

describe('the night as a rehearsal foretells it', () => {
  it('is about as long as what was rehearsed with the homeserver’s own people', () => {
    const night = nightOf(rehearsed)
    expect(night).toMatchObject(SIZE)
    expect(night?.milliseconds.least).toBeLessThan(TOOK)
    expect(night?.milliseconds.least).toBeGreaterThan(TOOK / 2)
    expect(night?.milliseconds.most).toBeGreaterThan(TOOK)
    expect(night?.milliseconds.most).toBeLessThan(TOOK * 2)
    expect(night?.basis).toBe(
      'Migrating and verifying 48,210 accounts with 414,148 rows took 12 s here; other machines take another time.',
    )
  })

  it('of a small sample is a wide range, and says what gives a better one', () => {
    const original = { accounts: SIZE.accounts * 600, rows: SIZE.rows * 600 }
    const night = nightOf({ ...rehearsed, people: 'sample', original })
    expect(night).toMatchObject(original)
    expect(night?.basis).toMatch(
      /has 600 times as many rows, so the range is wide: a sample with --full, or the homeserver/u,
    )
    expect(wide(millisecondsOf({ ...rehearsed, people: 'sample', original }))).toBeGreaterThan(
      2 * wide(millisecondsOf({ ...rehearsed, people: 'sample', original: SIZE })),
    )
  })

  it('says that people were made up, and is wider for it', () => {
    expect(nightOf({ ...rehearsed, people: 'demo' })?.basis).toMatch(/these people are made up/u)
    expect(wide(millisecondsOf({ ...rehearsed, people: 'demo' }))).toBeGreaterThan(wide(millisecondsOf(rehearsed)))
  })

  it('says that databases did not wait for disks', () => {
    expect(nightOf({ ...rehearsed, durability: 'throw-away' })?.basis).toContain(
      'took 12 s here, on databases that did not wait for disks; other machines',
    )
  })

  it('of a homeserver on SQLite has the copying of its file, which migrate and verify each do', () => {
    const onSqlite = { ...rehearsed, readFrom: 'sqlite' } as const
    const COPIED = 11_840
    expect(millisecondsOf(onSqlite).least).toBeCloseTo(millisecondsOf(rehearsed).least + 2 * COPIED * 0.8, -1)
    expect(millisecondsOf(onSqlite).most).toBeCloseTo(millisecondsOf(rehearsed).most + 2 * COPIED * 1.5, -1)
    expect(nightOf(onSqlite)?.basis).toContain('took 12 s here, and before each 12 s to copy the SQLite file')
  })

  it('goes by accounts where no database is written to, and is not faster than the target allows', () => {
    const many = { accounts: SIZE.accounts * 10, rows: SIZE.rows }
    expect(millisecondsOf({ ...slowly, original: many }).least).toBeGreaterThan(3 * millisecondsOf(slowly).least)
    expect(millisecondsOf({ ...rehearsed, original: many })).toEqual(millisecondsOf(rehearsed))
    const beside = { ...slowly, run: { ...slowly.run, road: 'merge' } as const }
    expect(millisecondsOf({ ...beside, original: many })).toEqual(millisecondsOf(beside))
    const forecast = {
      seconds: 3600,
      downtimeSeconds: 0,
      phases: [],
      measured: [],
      basis: 'the limits of the plan free',
      afterwards: [{ what: 'verify', seconds: 1800 } as const],
    }
    const limited = { ...slowly, plan: { ...planDocument, forecast } }
    expect(millisecondsOf(limited).least).toBe(5_400_000)
    expect(millisecondsOf({ ...limited, readFrom: 'sqlite' }).least).toBe(5_400_000 + 2 * 11_840)
    expect(millisecondsOf({ ...limited, original: many }).least).toBe(54_000_000)
    expect(nightOf(limited)?.basis).toContain('the target goes by the limits of the plan free')
  })

  it('is not foretold where nothing was migrated or verified, or nobody was there', () => {
    const { run: _, ...unmigrated } = rehearsed
    const { verify: __, ...unverified } = rehearsed
    expect(nightOf(unmigrated)).toBeUndefined()
    expect(nightOf(unverified)).toBeUndefined()
    const endedEarly = { why: 'too many rejected', resume: 'syn2op migrate --resume' } as const
    expect(nightOf({ ...rehearsed, run: { ...runDocument, endedEarly } })).toBeUndefined()
    expect(nightOf({ ...rehearsed, plan: { ...planDocument, relations: [] } })).toBeUndefined()
  })

  describe('whatever was measured', () => {
    const milliseconds = fc.integer({ min: 0, max: 10_000_000 })
    const night = fc.record({
      migrate: milliseconds,
      verify: milliseconds,
      phases: fc.array(fc.record({ phase: fc.constantFrom('copy', 'keys', 'indexes'), milliseconds })),
      people: fc.constantFrom('demo', 'sample', 'real'),
      tables: fc.constantFrom([], runDocument.tables),
      limit: fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: undefined }),
    })
    const times = fc.double({ min: 0.01, max: 10_000, noNaN: true })

    const of = (
      { migrate, verify, phases, people, tables, limit }: typeof night extends fc.Arbitrary<infer T> ? T : never,
      by: number,
    ): RehearsedNight => ({
      ...rehearsed,
      people,
      run: { ...runDocument, phases, tables },
      plan: {
        ...planDocument,
        ...(limit === undefined
          ? {}
          : { forecast: { seconds: limit, downtimeSeconds: 0, phases: [], measured: [], basis: 'limits' } }),
      },
      steps: [
        { step: 'migrate', milliseconds: migrate, outcome: 'ok' },
        { step: 'verify', milliseconds: verify, outcome: 'ok' },
      ],
      original: { accounts: Math.round(SIZE.accounts * by), rows: Math.round(SIZE.rows * by) },
    })

    it('has a least that is no more than its most', () => {
      fc.assert(
        fc.property(night, times, (seen, by) => {
          const { least, most } = millisecondsOf(of(seen, by))
          expect(least).toBeGreaterThanOrEqual(0)
          expect(least).toBeLessThanOrEqual(most)
        }),
      )
    })

    it('is never shorter for a homeserver with more rows and accounts', () => {
      fc.assert(
        fc.property(night, times, times, (seen, one, other) => {
          const [fewer, more] = [Math.min(one, other), Math.max(one, other)].map((by) => millisecondsOf(of(seen, by)))
          expect(more?.least).toBeGreaterThanOrEqual(fewer?.least ?? Number.NaN)
          expect(more?.most).toBeGreaterThanOrEqual(fewer?.most ?? Number.NaN)
        }),
      )
    })
  })
})
