import { describe, expect, test } from 'vitest'
import { nextSteps } from '../../../src/report/next-steps.ts'
import { verdictOf } from '../../../src/report/verdict.ts'
import { migratedWith, stagedPlaces, stagedRequest } from '../../support/migration/stages.ts'

describe('the accounts of a cohort that are copied', () => {
  test('are compared in every column, and whatever is not as it should be is told', async () => {
    const both = await stagedPlaces('stages_proved', 120)
    const { postgres, database } = both.target
    const first = await migratedWith(stagedRequest(both), { cohort: 'pilot' })
    expect(first.proof?.rows).toBeGreaterThan(0)
    expect(first.proof).toMatchObject({ wrongRows: 0, differingBuckets: 0 })
    expect(verdictOf(first).sentences.join(' ')).toContain('equal in every column')

    await postgres.execute(
      database,
      `CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.email := upper(NEW.email); RETURN NEW; END $$`,
      'CREATE TRIGGER spoil BEFORE INSERT ON syn2op_loading.user_emails FOR EACH ROW EXECUTE FUNCTION spoil()',
    )
    const spoilt = await migratedWith(stagedRequest(both), { cohort: 'company' })
    expect(spoilt.proof?.wrongRows).toBeGreaterThan(0)
    expect(verdictOf(spoilt).tone).toBe('bad')
    expect(nextSteps(spoilt).flatMap(({ commands }) => commands)).toContain('syn2op verify')
  })

  test('are not compared again by a run that finds them as they were', async () => {
    const both = await stagedPlaces('stages_proved_again', 60)
    const first = await migratedWith(stagedRequest(both), { cohort: 'pilot' })
    const again = await migratedWith(stagedRequest(both), { cohort: 'pilot' })
    expect(again.proof?.rows ?? 0).toBeLessThan(first.proof?.rows ?? 0)
  })
})
