import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explain } from '../../../src/migration/explain/explain.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import { listRuns } from '../../../src/migration/runs/list-runs.ts'
import { fileRecorder } from '../../../src/migration/runs/recorder.ts'
import { status } from '../../../src/migration/status/status.ts'
import { verify } from '../../../src/migration/verify.ts'
import type { RunDocument, VerifyDocument } from '../../../src/report/documents.ts'
import type { ExplanationDocument } from '../../../src/report/explanation.ts'
import { renderHtml } from '../../../src/report/html/render-html.ts'
import { nextSteps } from '../../../src/report/next-steps.ts'
import { runSchema, verifySchema } from '../../../src/report/schema/documents.ts'
import { explanationSchema } from '../../../src/report/schema/explanation.ts'
import { statusSchema } from '../../../src/report/schema/status.ts'
import type { StatusDocument } from '../../../src/report/status.ts'
import { renderExplanation } from '../../../src/report/text/explanation.ts'
import { renderText } from '../../../src/report/text/render-text.ts'
import { renderStatus } from '../../../src/report/text/status.ts'
import type { Places } from '../../support/migration/online.ts'
import { wrongTables } from '../../support/migration/run.ts'
import {
  accountsOf,
  born,
  change,
  countAccounts,
  migratedWith,
  NAMES,
  stagedPlaces,
  stagedRequest,
  stageNamed,
} from '../../support/migration/stages.ts'

const PLAIN = { width: 120, colour: 'off' } as const
const CARL = '@carl.pilot:demo.example'
const LATE = '@a.late.one:demo.example'

let runs = ''
let places: Places

const request = (): MigrationRequest => ({
  ...stagedRequest(places),
  recorder: fileRecorder({ runs, command: ['syn2op', 'migrate', '--cohort', 'pilot'], warn: () => {} }),
})

const commandsOf = (steps: readonly { readonly commands: readonly string[] }[]): readonly string[] =>
  steps.flatMap(({ commands }) => commands)

describe('after two of six cohorts', () => {
  let named: ExplanationDocument
  let pilot: RunDocument
  let half: StatusDocument
  let verified: VerifyDocument
  let frozen: ExplanationDocument
  let late: ExplanationDocument
  let everybody: RunDocument
  let ready: StatusDocument
  let accounts: number

  beforeAll(async () => {
    runs = join(await mkdtemp(join(tmpdir(), 'syn2op-stages-')), 'runs')
    places = await stagedPlaces('stages_told', 150)
    await change(places, born('carl.pilot'))
    named = await explain({ ...request(), runs, mxid: CARL })
    await migratedWith(request(), { cohort: 'admins' })
    pilot = await migratedWith(request(), { cohort: 'pilot' })
    await change(places, `UPDATE users SET admin = 1 WHERE name = '${CARL}'; ${born('a.late.one')}`)
    half = await status(runs, request())
    verified = await verify(request())
    frozen = await explain({ ...request(), runs, mxid: CARL })
    late = await explain({ ...request(), runs, mxid: LATE })
    accounts = await countAccounts(places)
    everybody = await migratedWith(request(), { mode: 'online' })
    ready = await status(runs, request())
  })
  afterAll(() => rm(join(runs, '..'), { recursive: true }))

  it('every document keeps to its schema', () => {
    const kept = (document: object): unknown => JSON.parse(JSON.stringify(document))
    for (const run of [pilot, everybody]) expect(runSchema.strict().parse(kept(run))).toEqual(run)
    for (const one of [half, ready]) expect(statusSchema.strict().parse(kept(one))).toEqual(one)
    for (const one of [named, frozen, late]) expect(explanationSchema.strict().parse(kept(one))).toEqual(one)
    expect(verifySchema.strict().parse(kept(verified))).toEqual(verified)
  })

  it("the run's report names its cohort, shows all of them, and says which is next", () => {
    const text = renderText(pilot, PLAIN)
    expect(text).toContain('The cohort pilot is copied and up to date')
    expect(text).toMatch(/pilot +\d+ +\d+ +done/u)
    expect(text).toMatch(/company +\d+ +0 +to do/u)
    expect(commandsOf(nextSteps(pilot))).toEqual(['syn2op migrate --cohort company', 'syn2op migrate --online'])
    expect(renderHtml(pilot)).toContain('<h2>Cohorts</h2>')
  })

  it('the status tells what has changed in what was copied, and who waits for a cohort of their own', () => {
    const members = NAMES.slice(2).reduce((sum, name) => sum + stageNamed(pilot, name).members, 0)
    // Who came since is of the rest, and waits with it.
    expect(half.changedSince).toMatchObject({ changed: 1, gone: 0, waiting: members + 1 })
    expect(half.stages).toEqual(pilot.stages)
    expect(commandsOf(half.next)).toEqual(['syn2op migrate --cohort company', 'syn2op migrate --online'])
    const text = renderStatus(half, PLAIN)
    expect(text).toContain(`${members + 1} accounts wait for their cohort`)
    expect(text).toMatch(/single-sign-on +\d+ +0 +to do/u)
  })

  it('a verification compares what was copied, and nothing else', () => {
    expect(wrongTables(verified)).toEqual([])
    // Those that every run looks at are not compared either.
    expect(verified.changedSince).toBeGreaterThanOrEqual(half.changedSince?.changed ?? 0)
    expect(verified.waiting).toBe(half.changedSince?.waiting)
    expect(commandsOf(nextSteps(verified))).toEqual(commandsOf(half.next))
    expect(renderText(verified, PLAIN)).toContain('wait for a run that looks at them, and were not compared')
  })

  it('the list of runs has the cohort of each', async () => {
    const { runs: listed } = await listRuns(runs, request())
    expect(listed.map(({ kind, cohort }) => [kind, cohort])).toEqual([
      ['online', undefined],
      ['online', 'pilot'],
      ['online', 'admins'],
    ])
  })

  it('an account is explained with the cohort that it was frozen in, whatever fits it by now', () => {
    expect(named.cohort).toEqual({ name: 'pilot', frozen: false })
    expect(renderExplanation(named, PLAIN)).toContain('pilot, by the mapping as it is now')
    expect(frozen.cohort).toEqual({ name: 'pilot', frozen: true })
    expect(late.cohort).toEqual({ name: 'rest', frozen: true })
  })

  it('after a run over everybody nothing waits, and the cut-over is next', () => {
    expect(accountsOf(everybody)).toBe(accounts)
    expect(ready.changedSince).toMatchObject({ changed: 0, gone: 0, waiting: 0 })
    expect(commandsOf(ready.next)).toContain('syn2op migrate --final')
    expect(commandsOf(nextSteps(everybody))).toContain('syn2op migrate --final')
  })
})
