import { beforeEach, describe, expect, test } from 'vitest'
import type { CohortRule } from '../../../src/mapping/mapping.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import type { Places } from '../../support/migration/online.ts'
import { born, change, countOf, migratedWith, stagedPlaces, stagedRequest } from '../../support/migration/stages.ts'

const HOUR = 3_600_000
const ANN = '@ann.early:demo.example'
const EVE = '@eve.late:demo.example'
const COHORTS: readonly CohortRule[] = [
  { name: 'early', match: { localparts: ['.*[.]early'] } },
  { name: 'late', match: { localparts: ['.*[.]late'] } },
]

/** Two people, of whose logins the tokens expire an hour after the first run. */
const people = `
  ${born('ann.early')} ${born('eve.late')}
  INSERT INTO devices (user_id, device_id, display_name, last_seen, hidden)
  VALUES ('${ANN}', 'ONE', 'phone', 1700000000000, false), ('${EVE}', 'TWO', 'phone', 1700000000000, false);
  INSERT INTO refresh_tokens (id, user_id, device_id, token, expiry_ts)
  VALUES (900001, '${ANN}', 'ONE', 'syr_ann', ${DEMO.now + HOUR}), (900002, '${EVE}', 'TWO', 'syr_eve', ${DEMO.now + HOUR});
  INSERT INTO access_tokens (id, user_id, device_id, token, last_validated, refresh_token_id)
  VALUES (900001, '${ANN}', 'ONE', 'syt_ann', 1690000000000, 900001),
         (900002, '${EVE}', 'TWO', 'syt_eve', 1690000000000, 900002);`

const refreshTokens = async ({ target: { postgres, database } }: Places): Promise<readonly string[]> => {
  const [aside] = await postgres.execute(database, "SELECT to_regclass('syn2op_loading.users') IS NOT NULL AS aside")
  const schema = aside?.['aside'] === true ? 'syn2op_loading' : 'public'
  const rows = await postgres.execute(
    database,
    `SELECT refresh_token FROM ${schema}.compat_refresh_tokens WHERE refresh_token IN ('syr_ann', 'syr_eve') ORDER BY 1`,
  )
  return rows.map((row) => String(row['refresh_token']))
}

describe('accounts that a run of one cohort did not look at', () => {
  let both: Places
  let run = 0
  const at = (hours: number, asked: Partial<MigrationRequest> = {}): MigrationRequest => ({
    ...stagedRequest(both, COHORTS),
    asOf: DEMO.now + hours * HOUR,
    ...asked,
  })

  beforeEach(async () => {
    both = await stagedPlaces(`stages_parts_${run++}`, 40)
    await change(both, people)
  })

  test('lose a token that has expired since everybody was copied, though another cohort was copied after that', async () => {
    await migratedWith(at(0), { mode: 'online' })
    expect(await refreshTokens(both)).toEqual(['syr_ann', 'syr_eve'])
    await migratedWith(at(2), { cohort: 'late' })
    expect(await refreshTokens(both)).toEqual(['syr_ann'])
    // The run of the cohort was after the token had expired, and so is this one.
    const final = await migratedWith(at(3), { mode: 'final' })
    expect(final.proof).toMatchObject({ wrongRows: 0, differingBuckets: 0 })
    expect(await refreshTokens(both)).toEqual([])
  })

  test('lose it likewise where each cohort was copied at its own time', async () => {
    await migratedWith(at(0), { cohort: 'early' })
    await migratedWith(at(2), { cohort: 'late' })
    await migratedWith(at(2), { cohort: 'rest' })
    expect(await refreshTokens(both)).toEqual(['syr_ann'])
    await migratedWith(at(3), { mode: 'final' })
    expect(await refreshTokens(both)).toEqual([])
  })

  test('are decided by another mapping in the next run over all of them', async () => {
    const { mapping } = stagedRequest(both, COHORTS)
    const strict = {
      mapping: {
        ...mapping,
        sha256: '1'.repeat(64),
        accounts: { ...mapping.accounts, deactivated: 'hold_back' as const },
      },
    }
    await change(both, `UPDATE users SET deactivated = 1 WHERE name IN ('${ANN}', '${EVE}')`)
    await migratedWith(at(0), { mode: 'online' })
    expect(countOf(await migratedWith(at(0, strict), { cohort: 'late' }), 'removed')).toBe(1)
    const [before] = await both.target.postgres.execute(
      both.target.database,
      `SELECT count(*)::integer AS count FROM syn2op_loading.users WHERE username IN ('ann.early', 'eve.late')`,
    )
    expect(before?.['count']).toBe(1)
    await migratedWith(at(0, strict), { mode: 'final' })
    const [after] = await both.target.postgres.execute(
      both.target.database,
      `SELECT count(*)::integer AS count FROM users WHERE username IN ('ann.early', 'eve.late')`,
    )
    expect(after?.['count']).toBe(0)
  })

  test('stay where they are though they are gone from Synapse', async () => {
    await migratedWith(at(0), { mode: 'online' })
    await change(both, `DELETE FROM users WHERE name IN ('${ANN}', '${EVE}')`)
    expect(countOf(await migratedWith(at(0), { cohort: 'late' }), 'removed')).toBe(1)
    expect(countOf(await migratedWith(at(0), { cohort: 'late' }), 'removed')).toBe(0)
    expect(countOf(await migratedWith(at(0), { mode: 'final' }), 'removed')).toBe(1)
  })
})
