import { beforeAll, describe, expect, test } from 'vitest'
import { ERRORS } from '../../../src/errors/catalogue.ts'
import { EXIT } from '../../../src/errors/exit-codes.ts'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import { migrate } from '../../../src/migration/migrate.ts'
import type { PlanDocument } from '../../../src/report/documents.ts'
import { verdictOf } from '../../../src/report/verdict.ts'
import { expectConverged, type Places } from '../../support/migration/online.ts'
import {
  accountsOf,
  countOf,
  FIVE_COHORTS,
  migratedWith,
  NAMES,
  stagedPlaces,
  stagedRequest,
  stageNamed,
} from '../../support/migration/stages.ts'
import { readJournal, readTargetState } from '../../support/target-state.ts'

const refusalOf = async (work: Promise<unknown>): Promise<Syn2opError> => {
  const error = await work.catch((thrown: unknown) => thrown)
  if (error instanceof Syn2opError) return error
  throw new Error('This was to be refused')
}

/** What MAS and the journal hold, to be compared before and after. */
const stateOf = async ({ target: { postgres, database } }: Places) => ({
  mas: await readTargetState(postgres, database),
  newest: await readJournal(postgres, database),
})

describe('a copy of which one cohort is there', () => {
  let both: Places
  let before: Awaited<ReturnType<typeof stateOf>>
  let members: ReadonlyMap<string, number>

  beforeAll(async () => {
    both = await stagedPlaces('stages_refused', 120)
    const first = await migratedWith(stagedRequest(both), { cohort: 'pilot' })
    members = new Map(first.stages?.map(({ name, members: count }) => [name, count]))
    before = await stateOf(both)
  })

  const expectUntouched = async () => expect(await stateOf(both)).toEqual(before)

  test('is not made final: the cohorts that are left are named, with their accounts and what to type', async () => {
    const { code, problems, next } = await refusalOf(migratedWith(stagedRequest(both), { mode: 'final' }))
    expect(ERRORS[code].exit).toBe(EXIT.verifyDifferences)
    const left = NAMES.filter((name) => name !== 'pilot')
    expect(problems.map(({ message }) => message)).toEqual(
      left.map((name) => expect.stringMatching(`^${name}: ${members.get(name)} accounts?$`)),
    )
    expect(problems[0]?.remedy).toBe('syn2op migrate --cohort admins')
    expect(next.join(' ')).toContain('syn2op migrate --online')
    await expectUntouched()
  })

  test('knows its cohorts by their names and their order', async () => {
    for (const cohorts of [FIVE_COHORTS.slice(1), FIVE_COHORTS.toReversed()]) {
      const { code, message } = await refusalOf(migratedWith(stagedRequest(both, cohorts), { cohort: 'pilot' }))
      expect(code).toBe('run.other-cohorts')
      expect(message).toContain('admins, pilot, company, single-sign-on, a-third, rest')
      expect(message).toContain(cohorts.map(({ name }) => name).join(', '))
    }
    await expectUntouched()
  })

  test('has no other cohorts than those', async () => {
    const { code, message } = await refusalOf(migratedWith(stagedRequest(both), { cohort: 'pilots' }))
    expect(code).toBe('usage')
    expect(message).toContain('pilot')
    await expectUntouched()
  })

  test('is not gone on with before the warnings of the accounts that nobody has looked at yet are acknowledged', async () => {
    const request = { ...stagedRequest(both), accept: ['SYNAPSE_BACKGROUND_UPDATES'] }
    for (const asked of [{ cohort: 'rest' }, { mode: 'online' }] as const) {
      const { code, problems } = await refusalOf(migratedWith(request, asked))
      expect(code).toBe('check.warnings')
      expect(problems.map(({ message }) => message).join('\n')).toContain('HASHES_NOT_BCRYPT')
    }
    // Those of the pilot were, before it was begun.
    const plans: PlanDocument[] = []
    for (const cohort of ['pilot', 'rest']) {
      const confirm = async (plan: PlanDocument) => plans.push(plan) === 0
      await migrate({
        ...request,
        accept: [...request.accept, ...(cohort === 'rest' ? ['all-warnings'] : [])],
        cohort,
        confirm,
      })
    }
    const [pilot, rest] = plans
    if (pilot === undefined || rest === undefined) throw new Error('both were to be shown')
    expect(pilot.relations).toEqual([])
    expect(verdictOf(pilot).sentences.join(' ')).not.toContain('rows')
    expect(rest.relations.find(({ relation }) => relation === 'account')?.carried).toBeGreaterThan(0)
    await expectUntouched()
  })

  test('is ended for everybody, not for a part', async () => {
    for (const part of [{ cohort: 'pilot' }, { limit: 3 }]) {
      const { code } = await refusalOf(migratedWith(stagedRequest(both), { mode: 'final', ...part }))
      expect(code).toBe('usage')
    }
    await expectUntouched()
  })

  test('is gone on with by a mapping that names no cohorts: everybody is copied, and every cohort counts as begun', async () => {
    const everybody = await migratedWith(stagedRequest(both, []), { mode: 'online' })
    expect(countOf(everybody, 'unchanged')).toBeGreaterThan(0)
    for (const { begun, members: count, recorded } of everybody.stages ?? []) {
      expect({ begun, recorded }).toEqual({ begun: true, recorded: count })
    }
    const final = await migratedWith(stagedRequest(both), { mode: 'final' })
    expect(final.refused).toBeUndefined()
    await expectConverged(both)
  })
})

describe('a migration at once by a mapping with cohorts', () => {
  test('stands though it is stopped once MAS is filled; the next one puts on record who is in which cohort', async () => {
    const both = await stagedPlaces('stages_at_once', 60)
    const request = stagedRequest(both)
    const stop = new AbortController()
    const notes: string[] = []
    const stopped = await migratedWith({
      ...request,
      signal: stop.signal,
      progress: { ...request.progress, note: (message) => notes.push(message) },
      openTarget: async (signal) => {
        const target = await request.openTarget(signal)
        const { sql } = target
        if (sql === undefined) throw new Error('MAS has a road by SQL')
        const freezeCohorts: typeof sql.freezeCohorts = async (cohorts, stoppable) => {
          stop.abort(new Error('Ctrl-C'))
          await sql.freezeCohorts?.(cohorts, stoppable)
        }
        return { ...target, sql: { ...sql, freezeCohorts } }
      },
    })
    expect(stopped.road).toBe('load')
    expect(stopped.stages).toBeUndefined()
    expect(notes.join(' ')).toContain('Who is in which cohort could not be put on record')
    const again = await migratedWith(request)
    expect(again.road).toBe('merge')
    expect(countOf(again, 'created')).toBe(0)
    expect(again.stages?.map(({ name, begun }) => [name, begun])).toEqual(NAMES.map((name) => [name, true]))
  })
})

describe('a copy of everybody by a mapping with cohorts', () => {
  test('freezes who is in which, has begun with all of them, and each can be brought up to date alone', async () => {
    const both = await stagedPlaces('stages_everybody', 120)
    const everybody = await migratedWith(stagedRequest(both), { mode: 'online' })
    expect(everybody.stages?.map(({ name }) => name)).toEqual(NAMES)
    expect(everybody.stages?.every(({ begun, members, recorded }) => begun && members === recorded)).toBe(true)
    const pilot = await migratedWith(stagedRequest(both), { cohort: 'pilot' })
    expect(accountsOf(pilot)).toBe(stageNamed(everybody, 'pilot').members)
    expect(countOf(pilot, 'created')).toBe(0)
    await migratedWith(stagedRequest(both), { mode: 'final' })
    await expectConverged(both)
  })

  test('counts as begun with all of them though they were named only later', async () => {
    const both = await stagedPlaces('stages_named_later', 60)
    await migratedWith(stagedRequest(both, []), { mode: 'online' })
    const pilot = await migratedWith(stagedRequest(both), { cohort: 'pilot' })
    expect(pilot.stages?.every(({ begun }) => begun)).toBe(true)
    expect((await migratedWith(stagedRequest(both), { mode: 'final' })).refused).toBeUndefined()
  })
})
