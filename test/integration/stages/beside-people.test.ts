import { beforeAll, describe, expect, test } from 'vitest'
import { verify } from '../../../src/migration/verify.ts'
import type { RunDocument } from '../../../src/report/documents.ts'
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

describe('cohorts into a MAS that has people of its own', () => {
  let both: Places
  const runs: RunDocument[] = []

  beforeAll(async () => {
    both = await stagedPlaces('stages_people', 150)
    await both.target.postgres.execute(
      both.target.database,
      `INSERT INTO users (user_id, username, created_at) VALUES (gen_random_uuid(), 'somebody.else', now())`,
    )
    for (const cohort of NAMES) {
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

  test('are everybody in the end, with whoever came last', async () => {
    const last = await migratedWith(stagedRequest(both))
    expect(countOf(last, 'created')).toBe(1)
    expect(countOf(last, 'updated')).toBe(0)
    expect(wrongTables(await verify(stagedRequest(both)))).toEqual([])
  })
})
