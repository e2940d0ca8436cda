import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EXIT } from '../../src/errors/exit-codes.ts'
import type { RunDocument } from '../../src/report/documents.ts'
import { verifySchema } from '../../src/report/schema/documents.ts'
import { accountRecordSchema } from '../../src/report/schema/run-record.ts'
import { ending, runBuiltProgram } from '../support/built-program.ts'
import { migrateKilled, migrateUndisturbed, readRun, toldOfAccounts } from '../support/faults/keycloak-kills.ts'
import { type KeycloakStage, makeKeycloakStage, type RealmSeen } from '../support/faults/keycloak-stage.ts'
import { drawn, SEED } from '../support/faults/seed.ts'
import { differingUsers, type RealmRows } from '../support/keycloak/realm-rows.ts'

/** `npm run test:full` moves a large homeserver, and kills more often. */
const SCALE =
  process.env['SYN2OP_TEST_LONG'] === '1'
    ? { accounts: 100_000, kills: 3, compiler: 'thorough' as const, timeout: 7_200_000 }
    : { accounts: 600, kills: 1, compiler: 'quick' as const, timeout: 300_000 }

let stage: KeycloakStage
let before: RealmSeen
let undisturbed: { readonly document: RunDocument; readonly rows: RealmRows; readonly told: readonly string[] }

const countOf = ({ outcomes = [] }: RunDocument, wanted: 'created' | 'unchanged' | 'held back' | 'rejected'): number =>
  outcomes.find(({ outcome }) => outcome === wanted)?.count ?? 0

const createdOf = (document: RunDocument): number => countOf(document, 'created')

/** Says how long a step took. */
const timed = async <Result>(what: string, work: () => Promise<Result>): Promise<Result> => {
  const started = performance.now()
  const result = await work()
  console.log(`${what}: ${((performance.now() - started) / 1000).toFixed(1)} s`)
  return result
}

const onlyStrangers = (rows: RealmRows): RealmRows => new Map([...rows].filter(([name]) => stage.strangers.has(name)))

const records = (told: readonly string[]) => told.map((line) => accountRecordSchema.parse(JSON.parse(line)))

/** How many accounts there are of each outcome and reason. */
const tellOutcomes = (document: RunDocument, told: readonly string[]): void => {
  const kinds = Map.groupBy(records(told), ({ outcome, reason, message }) => `${outcome}, ${reason ?? message}`)
  console.log(`created: ${createdOf(document)}`)
  for (const [kind, accounts] of kinds) console.log(`${kind}: ${accounts.length}`)
}

beforeAll(async () => {
  stage = await makeKeycloakStage(SCALE)
  before = await stage.see()
}, 600_000)

afterAll(() => stage?.close())

describe(`${SCALE.accounts} people with every kind of damage, into a realm with people of its own`, () => {
  it('come beside those who are there, who stay as they were', { timeout: SCALE.timeout }, async () => {
    const document = readRun(await timed('undisturbed', () => migrateUndisturbed(stage)))
    undisturbed = { document, rows: await stage.rows(), told: await toldOfAccounts(stage, document) }
    tellOutcomes(document, undisturbed.told)
    expect(createdOf(document)).toBeGreaterThan(SCALE.accounts * 0.9)
    expect(undisturbed.rows.size).toBe(before.rows.size + createdOf(document))
    expect(differingUsers(onlyStrangers(undisturbed.rows), before.rows)).toEqual([])
  })

  const times = SCALE.kills === 1 ? 'once' : `${SCALE.kills} times`
  it(`by a run that is killed ${times} come as if nothing had happened`, { timeout: SCALE.timeout }, async () => {
    await stage.reset()
    const created = createdOf(undisturbed.document)
    const moments = Array.from({ length: SCALE.kills }, (_, kill) => 0.05 + 0.75 * drawn('keycloak', kill))
    console.log(`seed ${SEED} (SYN2OP_TEST_SEED)`)
    const kills = { created, moments: moments.toSorted((a, b) => a - b) }
    const document = readRun(await timed('killed and resumed', () => migrateKilled(stage, kills)))
    expect(differingUsers(await stage.rows(), undisturbed.rows)).toEqual([])
    // Whoever was written and not yet entered as ended is found as unchanged.
    expect(createdOf(document) + countOf(document, 'unchanged')).toBe(created)
    for (const outcome of ['held back', 'rejected'] as const) {
      expect(countOf(document, outcome)).toBe(countOf(undisturbed.document, outcome))
    }
  })

  it('are verified: nobody is missing, and nothing differs', { timeout: SCALE.timeout }, async () => {
    const end = await timed('verify', () => runBuiltProgram(['verify', '--json', ...stage.demo.flags]))
    expect(ending(end, EXIT.done)).toBe('exit 0')
    expect(verifySchema.parse(JSON.parse(end.stdout)).differences).toEqual([])
  })

  it('are taken back, and leave nothing behind', { timeout: SCALE.timeout }, async () => {
    const end = await timed('rollback', () => runBuiltProgram(['rollback', 'last', '--yes', ...stage.demo.flags]))
    expect(ending(end, 0)).toBe('exit 0')
    expect(await stage.see()).toEqual(before)
  })
})
