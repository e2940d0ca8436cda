import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../../src/errors/syn2op-error.ts'
import { afterEarlier } from '../../../../src/migration/slow-road/after-earlier.ts'
import { openNotes } from '../../../../src/migration/slow-road/notes.ts'
import type { EarlierRuns } from '../../../../src/targets/earlier-runs.ts'

const OF = { target: 'own', location: 'https://one.example, people' }

let runs: string

beforeEach(async () => {
  runs = await mkdtemp(join(tmpdir(), 'syn2op-notes-'))
})
afterEach(() => rm(runs, { recursive: true, force: true }))

describe('the notes of a target', () => {
  it('are there for the next run, as they were left', async () => {
    const first = openNotes(runs, OF)
    await first.set('a', 'one')
    await first.set('b', 'two')
    await first.set('a', 'three')
    await first.set('b', undefined)
    first.close()
    const second = openNotes(runs, OF)
    expect([...(await second.all())]).toEqual([['a', 'three']])
    second.close()
  })

  it('are on the disk before they are said to be', async () => {
    const alive = openNotes(runs, OF)
    await alive.set('a', 'one')
    const other = openNotes(runs, OF)
    expect((await other.all()).get('a')).toBe('one')
    other.close()
    alive.close()
  })

  it('are those of one place alone', async () => {
    const [one, other] = [openNotes(runs, OF), openNotes(runs, { ...OF, location: 'https://other.example, people' })]
    await one.set('a', 'one')
    expect((await other.all()).size).toBe(0)
    one.close()
    other.close()
  })

  it('are kept in memory where no runs are', async () => {
    const notes = openNotes(undefined, OF)
    await notes.set('a', 'one')
    expect((await notes.all()).size).toBe(1)
    notes.close()
  })

  it('that cannot be kept end the run with the file that is at fault', () => {
    const open = () => openNotes(join(runs, 'none'), OF)
    expect(open).toThrow(expect.objectContaining({ code: 'run.unwritable' }))
    expect(open).toThrow('notes-own.sqlite')
  })
})

describe('work after that of earlier runs', () => {
  const { signal } = new AbortController()
  const progress = { note: () => {} }
  const place = { location: OF.location, signal, progress }

  it('begins once the target has waited, which keeps its notes meanwhile', async () => {
    const order: string[] = []
    let kept: EarlierRuns['notes'] | undefined
    const awaitEarlier = async ({ notes }: EarlierRuns): Promise<void> => {
      kept = notes
      order.push('waited')
    }
    await afterEarlier({ ...place, runs, target: { name: 'own', awaitEarlier } }, async () => {
      order.push('worked')
      await kept?.set('a', 'one')
    })
    expect(order).toEqual(['waited', 'worked'])
    const later = openNotes(runs, OF)
    expect((await later.all()).get('a')).toBe('one')
    later.close()
  })

  it('does not begin where waiting has failed', async () => {
    const awaitEarlier = () => Promise.reject(new Syn2opError('target.not-allowed', 'nobody may look'))
    let hasBegun = false
    const work = afterEarlier({ ...place, runs, target: { name: 'own', awaitEarlier } }, async () => {
      hasBegun = true
    })
    await expect(work).rejects.toMatchObject({ code: 'target.not-allowed' })
    expect(hasBegun).toBe(false)
  })

  it.each([
    ['has ended', async () => 'done'],
    ['has failed', () => Promise.reject(new Error('the work failed'))],
  ])('lets the target end what it has begun, and take back its notes of it, when the work %s', async (_, work) => {
    const awaitEarlier = async ({ notes, atEnd }: EarlierRuns): Promise<void> => {
      await notes.set('a', 'begun')
      atEnd?.(() => notes.set('a', undefined))
    }
    await afterEarlier({ ...place, runs, target: { name: 'own', awaitEarlier } }, work).catch(() => undefined)
    const later = openNotes(runs, OF)
    expect((await later.all()).size).toBe(0)
    later.close()
  })

  it('is what counts, where the target fails at its end', async () => {
    const awaitEarlier = async ({ atEnd }: EarlierRuns): Promise<void> =>
      atEnd?.(() => Promise.reject(new Error('the end failed')))
    const told = afterEarlier({ ...place, runs, target: { name: 'own', awaitEarlier } }, async () => 'done')
    expect(await told).toBe('done')
  })

  it('keeps nothing for a target that leaves nothing at work', async () => {
    expect(await afterEarlier({ ...place, runs, target: { name: 'own' } }, async () => 'done')).toBe('done')
    expect(await readdir(runs)).toEqual([])
  })
})
