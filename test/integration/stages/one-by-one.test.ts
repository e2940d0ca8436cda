import { beforeAll, describe, expect, test } from 'vitest'
import { verify } from '../../../src/migration/verify.ts'
import type { RunDocument } from '../../../src/report/documents.ts'
import { expectConverged, type Places } from '../../support/migration/online.ts'
import { wrongTables } from '../../support/migration/run.ts'
import {
  accountsOf,
  born,
  change,
  countAccounts,
  countOf,
  frozenCohorts,
  migratedWith,
  NAMES,
  stagedPlaces,
  stagedRequest,
  stageNamed,
} from '../../support/migration/stages.ts'

describe('six cohorts, one by one, while Synapse changes, and then a final run', () => {
  let both: Places
  const runs = new Map<string, RunDocument>()
  let again: RunDocument
  let final: RunDocument
  let source: number

  const run = (cohort: string): RunDocument => {
    const found = runs.get(cohort)
    if (found === undefined) throw new Error(`${cohort} was not migrated`)
    return found
  }

  beforeAll(async () => {
    both = await stagedPlaces('stages_six', 300)
    source = await countAccounts(both)
    await change(both, born('carl.pilot') + born('mover'))
    source += 2
    for (const [index, cohort] of NAMES.entries()) {
      runs.set(cohort, await migratedWith(stagedRequest(both), { cohort }))
      await change(
        both,
        `UPDATE users SET admin = 1 - admin WHERE name IN (
           SELECT name FROM users WHERE is_guest = 0 AND deactivated = 0 AND appservice_id IS NULL
             AND name ~ '^@[a-z0-9._-]+:demo[.]example$' ORDER BY md5(name || '${index}') LIMIT 5);
         UPDATE devices SET last_seen = last_seen + 1000 WHERE abs(hashtext(user_id || '${index}')) % 40 = 0 AND NOT hidden;
         DELETE FROM access_tokens WHERE id IN (SELECT id FROM access_tokens ORDER BY md5(token || '${index}') LIMIT 3);
         ${born(`arrival${index}`)}
         ${index === 0 ? `UPDATE users SET admin = 1 WHERE name IN ('@mover:demo.example', '@carl.pilot:demo.example')` : ''}`,
      )
    }
    again = await migratedWith(stagedRequest(both), { cohort: 'pilot' })
    final = await migratedWith(stagedRequest(both), { mode: 'final' })
  })

  test('each run counts the accounts of its cohort, and all of them together are everybody', () => {
    // Five arrived before the rest had its turn, and are of the rest.
    const counted = NAMES.map((name) => accountsOf(run(name)))
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(source + 5)
    for (const name of NAMES) {
      const document = run(name)
      expect(document.cohort).toBe(name)
      expect(document.road).toBe('online')
      expect(countOf(document, 'created')).toBeGreaterThan(0)
      expect(countOf(document, 'unchanged')).toBe(0)
      expect(document.proof).toMatchObject({ wrongRows: 0, differingBuckets: 0 })
      const { begun, recorded, members } = stageNamed(document, name)
      expect({ begun, recorded }).toEqual({ begun: true, recorded: members })
      // Who has no name cannot be on record.
      expect(accountsOf(document) - recorded).toBe(name === 'rest' ? 1 : 0)
    }
  })

  test('the cohorts that nobody has begun are told with their members', () => {
    expect(run('pilot').stages?.map(({ name, begun }) => [name, begun])).toEqual([
      ['admins', true],
      ['pilot', true],
      ['company', false],
      ['single-sign-on', false],
      ['a-third', false],
      ['rest', false],
    ])
    for (const { members, recorded, begun } of run('admins').stages ?? []) {
      expect(members).toBeGreaterThan(0)
      if (!begun) expect(recorded).toBe(0)
    }
  })

  test('an account stays in its cohort though another rule fits it by now', async () => {
    const frozen = await frozenCohorts(both.target, ['@mover:demo.example', '@carl.pilot:demo.example'])
    expect(frozen['@carl.pilot:demo.example']).toBe('pilot')
    expect(['a-third', 'rest']).toContain(frozen['@mover:demo.example'])
  })

  test('a run of a cohort that was copied before changes what changed in it, and nobody else', () => {
    expect(accountsOf(again)).toBe(accountsOf(run('pilot')))
    expect(countOf(again, 'created')).toBe(0)
    expect(countOf(again, 'updated')).toBeGreaterThan(0)
    expect(countOf(again, 'unchanged')).toBeGreaterThan(countOf(again, 'updated'))
  })

  test('the final run ends in the rows that one migration of the final state gives', async () => {
    expect(final.refused).toBeUndefined()
    expect(final.proof).toMatchObject({ wrongRows: 0, differingBuckets: 0 })
    // The sixth arrival came after the rest had its turn.
    expect(countOf(final, 'created')).toBe(1)
    expect(accountsOf(final)).toBe(source + 6)
    await expectConverged(both)
    expect(wrongTables(await verify(stagedRequest(both)))).toEqual([])
  })
})
