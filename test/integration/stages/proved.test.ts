import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { status } from '../../../src/migration/status/status.ts'
import { isDisproved } from '../../../src/report/is-proved.ts'
import { nextSteps } from '../../../src/report/next-steps.ts'
import { renderStatus } from '../../../src/report/text/status.ts'
import { verdictOf } from '../../../src/report/verdict.ts'
import type { Place, Places } from '../../support/migration/online.ts'
import {
  born,
  change,
  countAccounts,
  countOf,
  migratedWith,
  stagedPlaces,
  stagedRequest,
  stageNamed,
} from '../../support/migration/stages.ts'

/** From now on rows of MAS's users are written with another time than was asked for, which is no part of their key. */
const spoil = ({ postgres, database }: Place, which = 'true') =>
  postgres.execute(
    database,
    `CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       IF ${which} THEN NEW.created_at := NEW.created_at + interval '1 hour'; END IF;
       RETURN NEW;
     END $$`,
    'CREATE TRIGGER spoil BEFORE INSERT ON syn2op_loading.users FOR EACH ROW EXECUTE FUNCTION spoil()',
  )

const mend = ({ postgres, database }: Place) =>
  postgres.execute(database, 'DROP TRIGGER spoil ON syn2op_loading.users', 'DROP FUNCTION spoil()')

/** Puts right what was spoilt. */
const correct = ({ postgres, database }: Place, which: string) =>
  postgres.execute(
    database,
    `UPDATE syn2op_loading.users u SET created_at = u.created_at - interval '1 hour'
     FROM syn2op.cohort_member m JOIN syn2op.cohort c ON c.number = m.cohort
     WHERE m.owner = hashtextextended('@' || u.username || ':demo.example', 3) AND ${which}`,
  )

const statusOf = (both: Places) => status(join(tmpdir(), 'syn2op-no-runs-here'), stagedRequest(both))

describe('the accounts of a cohort that are copied', () => {
  test('are compared in every column, and whatever is not as it should be is told', async () => {
    const both = await stagedPlaces('stages_proved', 120)
    const first = await migratedWith(stagedRequest(both), { cohort: 'pilot' })
    expect(first.proof?.rows).toBeGreaterThan(0)
    expect(first.proof).toMatchObject({ wrongRows: 0, differingBuckets: 0 })
    expect(verdictOf(first).sentences.join(' ')).toContain('equal in every column')

    await spoil(both.target)
    const spoilt = await migratedWith(stagedRequest(both), { cohort: 'company' })
    expect(spoilt.proof?.wrongRows).toBeGreaterThan(0)
    expect(verdictOf(spoilt).tone).toBe('bad')
    expect(nextSteps(spoilt).flatMap(({ commands }) => commands)).toEqual([
      'syn2op verify',
      'syn2op rollback company',
      'syn2op migrate --cohort company',
    ])
  })

  test('stay wrong until a run of everybody has compared them all, whoever is copied in between', async () => {
    const both = await stagedPlaces('stages_disproved', 60)
    await migratedWith(stagedRequest(both), { cohort: 'admins' })
    await spoil(both.target)
    const first = await migratedWith(stagedRequest(both), { cohort: 'pilot' })
    await mend(both.target)
    const notes: string[] = []
    const request = stagedRequest(both)
    const again = await migratedWith(
      { ...request, progress: { ...request.progress, note: (message) => notes.push(message) } },
      { cohort: 'pilot' },
    )
    expect(again.proof?.wrongRows ?? 0).toBeLessThan(first.proof?.wrongRows ?? 0)
    expect(notes.join(' ')).toContain('was found wrong, or not all of it was compared')
    expect(first.unproved).toBe(first.runId)
    expect(again.unproved).toBe(isDisproved(again) ? again.runId : first.runId)
    const inStages = await statusOf(both)
    expect(inStages.target).toMatchObject({ unproved: again.unproved })
    expect(inStages.next.flatMap(({ commands }) => commands)).toEqual([
      'syn2op verify',
      'syn2op migrate --cohort company',
      'syn2op migrate --online',
    ])
    const everybody = await migratedWith(stagedRequest(both), { mode: 'online' })
    expect(everybody.proof?.wrongRows).toBeGreaterThan(0)
    const beforeFinal = await statusOf(both)
    expect(beforeFinal.next.map(({ text }) => text).join(' ')).toContain(
      'which --final does else while Synapse is stopped',
    )
    expect(renderStatus(beforeFinal, { width: 120, colour: 'off' })).toContain('Not proved')
    expect((await migratedWith(stagedRequest(both), { mode: 'final' })).refused).toBeDefined()

    await correct(both.target, `c.name = 'pilot'`)
    const mended = await migratedWith(stagedRequest(both), { mode: 'online' })
    expect(mended.proof).toMatchObject({ wrongRows: 0 })
    expect((await migratedWith(stagedRequest(both), { mode: 'online' })).proof).toBeUndefined()
    expect((await statusOf(both)).target).not.toHaveProperty('unproved')
    expect((await migratedWith(stagedRequest(both), { mode: 'final' })).refused).toBeUndefined()
  })

  test('of which a run died before it compared them are compared once it is resumed, else by the next run of everybody', async () => {
    const both = await stagedPlaces('stages_uncompared', 60)
    const request = stagedRequest(both)
    const dying: typeof request = {
      ...request,
      openTarget: async (signal) => {
        const target = await request.openTarget(signal)
        if (target.sql === undefined) throw new Error('MAS has a road by SQL')
        return { ...target, sql: { ...target.sql, verify: () => Promise.reject(new Error('the target is gone')) } }
      },
    }
    const breakOff = (part: { readonly cohort: string } | { readonly limit: number }) =>
      expect(migratedWith(dying, part)).rejects.toThrow('the target is gone')
    await breakOff({ cohort: 'admins' })
    const { asOf: _, ...resumed } = request
    const admins = await migratedWith(resumed, { resume: true })
    await breakOff({ cohort: 'pilot' })
    const pilot = await migratedWith(request, { cohort: 'pilot' })
    const everybody = await migratedWith(request, { mode: 'online' })
    const later = await migratedWith(request, { mode: 'online' })
    await change(both, born('late.one') + born('late.two'))
    await breakOff({ limit: 1 })
    const beyond = await migratedWith(resumed, { resume: true, limit: 1 })
    const latest = await migratedWith(request, { mode: 'online' })
    expect(admins).toMatchObject({ resumed: true, proof: { wrongRows: 0 } })
    expect(admins.proof?.rows).toBeGreaterThan(stageNamed(admins, 'admins').recorded)
    expect(pilot.proof?.rows ?? 0).toBeLessThan(stageNamed(pilot, 'pilot').recorded)
    expect(everybody.proof?.wrongRows).toBe(0)
    // All of them, and not those only that this run wrote.
    expect(everybody.proof?.rows).toBeGreaterThan(countOf(everybody, 'created') + (await countAccounts(both)))
    expect(later.proof).toBeUndefined()
    expect(beyond.unproved).toBe(beyond.runId)
    expect(verdictOf(beyond).sentences.join(' ')).toContain('not all of it was compared')
    expect(nextSteps(beyond).at(-1)?.commands).toEqual(['syn2op migrate --online'])
    expect(latest.unproved).toBeUndefined()
    // The second one took the place of the first, which nobody has compared.
    expect(latest.proof?.rows).toBeGreaterThan(everybody.proof?.rows ?? 0)
  })

  test('are compared though another one of their batch is rejected, and so is everybody whom a later run copies first', async () => {
    const both = await stagedPlaces('stages_proved_beside', 50)
    const { postgres, database } = both.target
    await migratedWith(stagedRequest(both), { cohort: 'admins' })
    const [names] = await both.source.postgres.execute(
      both.source.database,
      `SELECT min(substring(name FROM '@(.*):')) AS refused, max(substring(name FROM '@(.*):')) AS spoilt FROM users
       WHERE is_guest = 0 AND deactivated = 0 AND admin = 0 AND appservice_id IS NULL AND name ~ '^@[a-z0-9._-]+:demo[.]example$'`,
    )
    const { refused, spoilt } = names ?? {}
    await spoil(both.target, `NEW.username = '${spoilt}'`)
    await postgres.execute(
      database,
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF NEW.username = '${refused}' THEN RAISE EXCEPTION 'not this one' USING ERRCODE = '23514'; END IF;
         RETURN NEW;
       END $$`,
      'CREATE TRIGGER refuse BEFORE INSERT ON syn2op_loading.users FOR EACH ROW EXECUTE FUNCTION refuse()',
    )
    const everybody = await migratedWith(stagedRequest(both), { mode: 'online' })
    expect(countOf(everybody, 'rejected')).toBe(1)
    expect(isDisproved(everybody)).toBe(true)

    await mend(both.target)
    await correct(both.target, `u.username = '${spoilt}'`)
    const mended = await migratedWith(stagedRequest(both), { mode: 'online' })
    expect(countOf(mended, 'rejected')).toBe(1)
    // Who is rejected is told as such, and not as a row that is missing.
    expect(mended.proof).toMatchObject({ wrongRows: 0 })
  })

  test('are not compared again by a run that finds them as they were', async () => {
    const both = await stagedPlaces('stages_proved_again', 60)
    const first = await migratedWith(stagedRequest(both), { cohort: 'pilot' })
    const again = await migratedWith(stagedRequest(both), { cohort: 'pilot' })
    expect(again.proof?.rows ?? 0).toBeLessThan(first.proof?.rows ?? 0)
  })
})
