import { beforeAll, describe, expect, test } from 'vitest'
import { verify } from '../../../src/migration/verify.ts'
import type { RunDocument, VerifyDocument } from '../../../src/report/documents.ts'
import { isProved } from '../../../src/report/is-proved.ts'
import { nextSteps } from '../../../src/report/next-steps.ts'
import type { Places } from '../../support/migration/online.ts'
import { wrongTables } from '../../support/migration/run.ts'
import {
  accountsOf,
  born,
  change,
  countOf,
  migratedWith,
  NAMES,
  stagedPlaces,
  stagedRequest,
  stageNamed,
} from '../../support/migration/stages.ts'
import { rolledBack } from '../../support/rollback/roll-back.ts'

describe('cohorts into a MAS that has people of its own', () => {
  let both: Places
  const runs: RunDocument[] = []
  let first: VerifyDocument
  let some: RunDocument
  let limited: VerifyDocument

  beforeAll(async () => {
    both = await stagedPlaces('stages_people', 150)
    await both.target.postgres.execute(
      both.target.database,
      `INSERT INTO users (user_id, username, created_at) VALUES (gen_random_uuid(), 'somebody.else', now())`,
    )
    for (const cohort of NAMES) {
      if (cohort === 'pilot') {
        first = await verify(stagedRequest(both))
        some = await migratedWith(stagedRequest(both), { cohort, limit: 3 })
        limited = await verify(stagedRequest(both))
      }
      runs.push(await migratedWith(stagedRequest(both), { cohort }))
      await change(both, born(`late.${cohort.replaceAll('-', '')}`))
    }
  })

  test('are added in place one by one, nobody else with them', () => {
    for (const [index, name] of NAMES.entries()) {
      const run = runs[index]
      if (run === undefined) throw new Error(`${name} was not migrated`)
      expect(run.road).toBe('merge')
      expect(countOf(run, 'created')).toBeGreaterThan(0)
      expect(stageNamed(run, name)).toMatchObject({
        begun: true,
        recorded: accountsOf(run) - (name === 'rest' ? 1 : 0),
      })
    }
  })

  test('are compared as far as runs have come: those that wait for theirs are no fault, and none is begun for them', () => {
    const [admins] = runs
    if (admins === undefined) throw new Error('no cohort was migrated')
    const waiting = NAMES.slice(1).reduce((sum, name) => sum + stageNamed(admins, name).members, 0)
    for (const document of [first, limited]) {
      expect(wrongTables(document)).toEqual([])
      expect(isProved(document)).toBe(true)
    }
    expect(first.stages).toEqual(admins.stages)
    // And one who came since.
    expect(first.waiting).toBe(waiting + 1)
    expect(limited.waiting).toBe(waiting + 1 - stageNamed(some, 'pilot').recorded)
    expect(nextSteps(first).flatMap(({ commands }) => commands)).toEqual([
      'syn2op migrate --cohort pilot',
      'syn2op migrate',
    ])
  })

  test('are everybody in the end, with whoever came last', async () => {
    const before = await verify(stagedRequest(both))
    expect(before.waiting).toBe(1)
    expect(nextSteps(before).flatMap(({ commands }) => commands)).toEqual(['syn2op migrate'])
    const last = await migratedWith(stagedRequest(both))
    expect(countOf(last, 'created')).toBe(1)
    expect(countOf(last, 'updated')).toBe(0)
    const after = await verify(stagedRequest(both))
    expect(wrongTables(after)).toEqual([])
    expect(after.waiting).toBeUndefined()
    // By then nobody waits: whoever is not there is missing.
    await change(both, born('too.late'))
    expect(wrongTables(await verify(stagedRequest(both))).map(({ table }) => table)).toContain('users')
  })
})

test('a cohort that was taken back after a load is no fault either', async () => {
  const both = await stagedPlaces('stages_load', 60)
  const loaded = await migratedWith(stagedRequest(both))
  await rolledBack(stagedRequest(both), 'pilot')
  const document = await verify(stagedRequest(both))
  expect(wrongTables(document)).toEqual([])
  expect(document.waiting).toBe(stageNamed(loaded, 'pilot').members)
  expect(nextSteps(document).flatMap(({ commands }) => commands)).toContain('syn2op migrate --cohort pilot')
  await migratedWith(stagedRequest(both), { cohort: 'pilot' })
  expect((await verify(stagedRequest(both))).waiting).toBeUndefined()
})
