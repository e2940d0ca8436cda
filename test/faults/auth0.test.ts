import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO } from '../../src/rehearsal/demo/constants.ts'
import { EVERYTHING, KINDS } from '../support/auth0/faults/everything.ts'
import { openRuns, type Run, type Runs, type RunsOptions } from '../support/auth0/faults/runs.ts'
import { type DemoSource, makeDemoSource } from '../support/auth0/faults/source.ts'
import { type Cost, costOf, outcomeCount, printCosts } from '../support/auth0/faults/table.ts'
import { differingUsers, type FaultyTenant, faultyTenant } from '../support/auth0/faults/tenant.ts'

/**
 * `npm run test:full` moves a large homeserver, by batches as large as they are outside of tests. `timesLeast`: so many times the least
 * that Auth0's limits allow a run may take that nobody disturbs; small jobs wait longer for their beginning, and for the next look at
 * them, than they last.
 */
const SCALE =
  process.env['SYN2OP_TEST_LONG'] === '1'
    ? { accounts: 20_000, batchSize: 2000, timesLeast: 1.7, timeout: 1_200_000 }
    : { accounts: 800, batchSize: 70, timesLeast: 6, timeout: 120_000 }

/** Names that Auth0 refuses, and tells of nobody who has them. */
const GHOSTS: ReadonlySet<string> = new Set(['alice', 'dave'])

/** Milliseconds after which no import whose answer was lost can make anybody any more. */
const LONGER_THAN_ANY_JOB = 3 * 3_600_000

let source: DemoSource
let undisturbed: { readonly run: Run; readonly users: ReadonlyMap<string, object> }
const costs: Cost[] = []

const timed = async <Result>(what: string, work: () => Promise<Result>): Promise<Result> => {
  const started = performance.now()
  const result = await work()
  console.log(`${what}: ${((performance.now() - started) / 1000).toFixed(1)} s of this machine`)
  return result
}

const runsFor = (tenant: FaultyTenant): Promise<Runs> => openRuns(source, tenant, SCALE satisfies RunsOptions)

/** Whom something stopped, and why: by account. */
const stopped = ({ told }: Run): readonly string[] =>
  told
    .flatMap(({ mxid, outcome, reason, message }) =>
      outcome === 'held back' || outcome === 'rejected'
        ? [`${mxid}: ${outcome}, ${reason ?? ''} ${message ?? ''}`]
        : [],
    )
    .toSorted()

/** The same, but for whom each import of them alone has failed over: Auth0 has not come to say why it refuses them. */
const stoppedAsUndisturbed = (run: Run): readonly string[] => {
  const usual = stopped(undisturbed.run)
  return stopped(run).map((line) => {
    const [who = line] = line.split('an import of it alone failed')
    return usual.find((one) => who !== line && one.startsWith(who)) ?? line
  })
}

const createdIn = ({ told }: Run): readonly string[] =>
  told.flatMap(({ mxid, outcome }) => (outcome === 'created' ? [mxid] : [])).toSorted()

const strangersOf = (tenant: FaultyTenant): ReadonlyMap<string, object> =>
  new Map(
    [...tenant.standIn.tenant.users.all()]
      .filter(({ userId }) => tenant.strangers.has(userId))
      .map((user) => [user.userId, user]),
  )

beforeAll(async () => {
  source = await makeDemoSource(SCALE.accounts)
}, 600_000)

afterAll(async () => {
  printCosts(`${SCALE.accounts} people with every kind of damage`, costs)
  await source?.postgres.stop()
})

describe(`${SCALE.accounts} people with every kind of damage, into a tenant with people of its own`, {
  timeout: SCALE.timeout,
}, () => {
  it('come beside those who are there, who stay as they were', async () => {
    await using tenant = await faultyTenant({ ghosts: GHOSTS })
    await using runs = await runsFor(tenant)
    const since = tenant.clock.now()
    const run = await timed('undisturbed', () => runs.migrate())
    const cost = costOf('undisturbed', { tenant, since, document: run.document })
    costs.push(cost)
    expect(cost.minutes).toBeLessThan(SCALE.timesLeast * cost.least)
    undisturbed = { run, users: tenant.newcomers() }
    expect(outcomeCount(run.document, 'created')).toBeGreaterThan(SCALE.accounts * 0.9)
    expect(undisturbed.users.size).toBe(outcomeCount(run.document, 'created'))
    expect(differingUsers(strangersOf(tenant), tenant.strangers)).toEqual([])
    console.log(
      stopped(run)
        .filter((line) => line.includes('rejected'))
        .join('\n'),
    )
  })

  it('come as if nothing had happened whatever goes wrong, by a run that dies, one that is stopped, and one that goes on', async () => {
    await using tenant = await faultyTenant({ ghosts: GHOSTS, faults: EVERYTHING })
    await using runs = await runsFor(tenant)
    const since = tenant.clock.now()
    const people = undisturbed.users.size
    await timed('dies', () => runs.migrateAndDie(people * 0.3))
    await timed('stopped', () => runs.resumeAndStop(people * 0.6))
    const run = await timed('resumed', () => runs.migrate({ resume: true }))
    const cost = costOf('disturbed', { tenant, since, document: run.document })
    costs.push(cost)
    expect(Object.keys(cost.faults)).toEqual(expect.arrayContaining([...KINDS]))
    // Nothing but a job that does not end is waited for by the hour, and a late export for its ten minutes.
    const waiting = 10 + 130 * (cost.faults['job sticks'] ?? 0)
    expect(cost.minutes).toBeLessThan(3 * SCALE.timesLeast * cost.least + waiting)
    expect(differingUsers(tenant.newcomers(), undisturbed.users)).toEqual([])
    expect(differingUsers(strangersOf(tenant), tenant.strangers)).toEqual([])
    const { document } = run
    expect(outcomeCount(document, 'created') + outcomeCount(document, 'unchanged')).toBe(people)
    for (const outcome of ['held back', 'rejected'] as const) {
      expect(outcomeCount(document, outcome)).toBe(outcomeCount(undisturbed.run.document, outcome))
    }
    expect(createdIn(run)).toEqual(tenant.madeBy(document.runId))
    const all = stopped(undisturbed.run)
    expect(stoppedAsUndisturbed(run).filter((line) => !all.includes(line))).toEqual([])

    const { differences, refused } = await timed('verify', () => runs.verify())
    const rejected = undisturbed.run.told.flatMap(({ mxid, outcome }) => (outcome === 'rejected' ? [mxid] : []))
    // Whom nothing but an attempt shows to be refused is missing.
    expect(differences.filter(({ row }) => !rejected.some((mxid) => row.startsWith(mxid)))).toEqual([])
    expect(refused ?? 0).toBeLessThanOrEqual(rejected.length)

    await tenant.clock.sleep(LONGER_THAN_ANY_JOB)
    const from = tenant.standIn.requests.length
    const { outcomes = [] } = await timed('rollback', () => runs.rollback('last'))
    // Three runs are taken back: nobody is looked for again whom one of them has found gone.
    const searches = tenant.standIn.requests.slice(from).filter(({ path }) => path === '/api/v2/users')
    expect(searches.length).toBeLessThanOrEqual(4 * rejected.length)
    // Of whom the run that died had sent, nobody knew whether Auth0 took them: who was not there counts as gone.
    const gone = outcomeCount({ outcomes }, 'removed')
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['removed'])
    expect(gone).toBeGreaterThanOrEqual(people)
    expect(gone).toBeLessThanOrEqual(people + rejected.length)
    const kept = await runs.texts()
    expect(kept).toContain('@alice:demo.example')
    expect(kept).not.toContain(DEMO.pepper)
    expect(kept).not.toContain(tenant.config.client.secret)
    expect(kept).not.toMatch(/\$2[aby]\$\d\d\$/u)
    expect(tenant.newcomers().size).toBe(0)
    expect(differingUsers(strangersOf(tenant), tenant.strangers)).toEqual([])
  })

  it('come once by two runs at a time, each of which says truly whom it made', async () => {
    // An export that lags would have one of them begin once the other is done.
    const faults = EVERYTHING.filter(({ kind }) => kind !== 'export lags')
    await using tenant = await faultyTenant({ ghosts: GHOSTS, faults })
    await using one = await runsFor(tenant)
    await using other = await runsFor(tenant)
    const since = tenant.clock.now()
    const both = await timed('two at once', () => Promise.all([one.migrate(), other.migrate()]))
    costs.push(costOf('two at once', { tenant, since, document: both[0].document }))
    expect(differingUsers(tenant.newcomers(), undisturbed.users)).toEqual([])
    for (const run of both) {
      const { document } = run
      expect(createdIn(run)).toEqual(tenant.madeBy(document.runId))
      expect(outcomeCount(document, 'created') + outcomeCount(document, 'unchanged')).toBe(undisturbed.users.size)
      expect(stoppedAsUndisturbed(run)).toEqual(stopped(undisturbed.run))
    }
    console.log(`each made: ${both.map((run) => createdIn(run).length).join(', ')}`)
    const [ofOne, ofOther] = both.map(({ document: { runId } }) => tenant.madeBy(runId))
    await tenant.clock.sleep(LONGER_THAN_ANY_JOB)
    const { outcomes = [] } = await timed('rollback of one', () => one.rollback('last'))
    // The other may have been so fast that it made everybody.
    expect(outcomes.filter(({ outcome }) => outcome !== 'removed')).toEqual([])
    expect(outcomeCount({ outcomes }, 'removed')).toBe(ofOne?.length)
    expect(tenant.madeBy(both[1].document.runId)).toEqual(ofOther)
    expect(tenant.newcomers().size).toBe(ofOther?.length)
    expect(differingUsers(strangersOf(tenant), tenant.strangers)).toEqual([])
  })
})
