import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunDocument, VerifyDocument } from '../../../../src/report/documents.ts'
import type { StatusDocument } from '../../../../src/report/status.ts'
import { ending, type ProgramEnd, runBuiltProgram } from '../../../support/built-program.ts'
import { type KeycloakRoad, makeKeycloakRoad } from '../../../support/keycloak/demo-road.ts'
import { whyNoKeycloak } from '../../../support/keycloak/distribution.ts'
import { sharedKeycloak } from '../../../support/keycloak/shared-server.ts'
import { testPostgres } from '../../../support/postgres.ts'

const missing = await whyNoKeycloak()

const outcome = ({ outcomes = [] }: Pick<RunDocument, 'outcomes'>, kind: string): number =>
  outcomes.find((one) => one.outcome === kind)?.count ?? 0

const leftOf = ({ relations }: Pick<RunDocument, 'relations'>, reason: string): number =>
  relations.find(({ relation }) => relation === 'account')?.left.find((one) => one.reason === reason)?.count ?? 0

describe.skipIf(missing !== undefined)(`the program at Keycloak${missing === undefined ? '' : ` (${missing})`}`, () => {
  let road: KeycloakRoad

  beforeAll(async () => {
    const name = `keycloak_program_${randomBytes(3).toString('hex')}`
    road = await makeKeycloakRoad(await sharedKeycloak(), testPostgres(), { name, accounts: 60 })
  })
  afterAll(() => road?.remove())

  const typed = (command: string, ...more: readonly string[]): Promise<ProgramEnd> =>
    runBuiltProgram([command, ...road.flags, ...more])

  it('plans, moves, proves, tells, explains and takes back', async () => {
    const plan = await typed('plan', '--json', road.asOf)
    expect(ending(plan, 0)).toBe('exit 0')
    const planned = JSON.parse(plan.stdout) as RunDocument
    const run = await typed('migrate', '--yes', '--json', road.asOf)
    expect(ending(run, 0)).toBe('exit 0')
    const document = JSON.parse(run.stdout) as RunDocument
    // Of two accounts that share an address one is held back, and whose username is too long, as planned.
    expect(document.outcomes).toEqual(planned.outcomes)
    expect(document.changes).toEqual(planned.changes)
    expect(outcome(document, 'rejected')).toBe(0)
    expect(leftOf(document, 'username_refused')).toBe(1)
    expect(await road.people()).toHaveLength(outcome(document, 'created'))

    const verify = await typed('verify', '--json', road.asOf)
    expect(ending(verify, 0)).toBe('exit 0')
    expect((JSON.parse(verify.stdout) as VerifyDocument).differences).toEqual([])
    const explained = await typed('explain', '@alice:demo.example', road.asOf)
    expect(explained.stdout).toContain('It is there as it should be.')
    expect((await typed('status')).stdout).toContain('Keycloak')
    const upgraded = await typed('status', '--upgraded')
    expect(ending(upgraded, 0)).toBe('exit 0')
    expect(upgraded.stdout).toMatch(
      /0 hashed anew by Keycloak, [1-9]\d* still as Synapse hashed them; \d+ accounts? ha/,
    )
    const told = JSON.parse((await typed('status', '--upgraded', '--json')).stdout) as StatusDocument
    const { passwords } = typeof told.target === 'object' && 'passwords' in told.target ? told.target : {}
    expect(passwords).toMatchObject({ anew: 0 })
    expect((passwords?.asMoved ?? 0) + (passwords?.without ?? 0)).toBe(outcome(document, 'created'))
    const rollback = await typed('rollback', document.runId, '--yes', '--json')
    expect(ending(rollback, 0)).toBe('exit 0')
    expect(await road.people()).toEqual([])
  })
})
