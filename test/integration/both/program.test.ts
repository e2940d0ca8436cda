import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunDocument } from '../../../src/report/documents.ts'
import type { RunsDocument } from '../../../src/report/runs-document.ts'
import type { PlanOfTwo, RunOfTwo, VerifyOfTwo } from '../../../src/report/two-targets.ts'
import { type BothRoad, makeBothRoad } from '../../support/both/both-road.ts'
import type { Answer } from '../../support/keycloak/admin.ts'
import { whyNoKeycloak } from '../../support/keycloak/distribution.ts'
import { directGrant } from '../../support/keycloak/realm.ts'
import { sharedKeycloak } from '../../support/keycloak/shared-server.ts'
import { testPostgres } from '../../support/postgres.ts'
import { type ProgramResult, runProgram } from '../../support/run-program.ts'

const missing = await whyNoKeycloak()
const postgres = testPostgres()

const told = ({ code, stdout, stderr }: ProgramResult, ends: number): unknown => {
  expect({ code, stderr, stdout: code === ends ? '' : stdout }).toMatchObject({ code: ends })
  return JSON.parse(stdout)
}

/** The claim `sub` of the token that somebody got. */
const subjectIn = ({ body }: Answer): unknown => {
  const { access_token: token } = body as { readonly access_token?: string }
  return (JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString()) as { readonly sub?: string }).sub
}

const outcomes = ({ outcomes: counts = [] }: RunDocument): Readonly<Record<string, number>> =>
  Object.fromEntries(counts.map(({ outcome, count }) => [outcome, count]))

describe.skipIf(missing !== undefined)(
  `Keycloak and MAS together${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let road: BothRoad

    beforeAll(async () => {
      const name = `both_${randomBytes(3).toString('hex')}`
      road = await makeBothRoad(await sharedKeycloak(), postgres, { name, accounts: 60 })
    }, 300_000)
    afterAll(() => road?.remove())

    const typed = (command: string, ...more: readonly string[]): Promise<ProgramResult> =>
      runProgram([command, ...road.flags, ...more], { folder: road.folder })

    const nothingIsThere = async (): Promise<void> => {
      expect(await road.people()).toEqual([])
      expect(await road.countInMas('users')).toBe(0)
    }

    it('leave both as they are where one of them is in no state for it', async () => {
      await road.configureMas({
        matrix: { homeserver: 'other.example', secret: 'another', endpoint: 'https://other.example/' },
      })
      const refused = await typed('migrate', '--yes', road.asOf)
      await road.configureMas({})
      expect(refused).toMatchObject({ code: 10, stderr: expect.stringContaining('MAS: MAS_SERVER_NAME') })
      await road.configureMas({ upstream_oauth2: { providers: [] } })
      const unlinked = await typed('migrate', '--yes', road.asOf)
      await road.configureMas({})
      expect(unlinked).toMatchObject({ code: 10, stderr: expect.stringContaining('Links: LINK_PROVIDER_MISSING') })
      await nothingIsThere()
    })

    it('are planned as one: passwords for the one, devices for the other, and nobody loses a login', async () => {
      const { plans, links } = told(await typed('plan', '--json', '--no-forecast', road.asOf), 0) as PlanOfTwo
      const carried = plans.map(({ relations }) =>
        Object.fromEntries(relations.map((one) => [one.relation, one.carried])),
      )
      expect(carried[0]).toMatchObject({ session: 0, access_token: 0, refresh_token: 0 })
      expect(carried[1]).toMatchObject({ password: 0, external_id: 0 })
      expect(carried[0]?.['password']).toBeGreaterThan(20)
      expect(carried[1]?.['session']).toBeGreaterThan(20)
      // Guests are nobody whom Keycloak could log in, and to it two names are one that differ in capitals.
      const left = plans[0].relations.find(({ relation }) => relation === 'account')?.left ?? []
      const others = left.filter(({ reason }) => ['guest', 'username_collision', 'username_refused'].includes(reason))
      expect((carried[1]?.['account'] ?? 0) - (carried[0]?.['account'] ?? 0)).toBe(
        others.reduce((sum, { count }) => sum + count, 0),
      )
      expect(links?.accounts).toBe(carried[0]?.['account'])
      const ofMas = plans[1].predictions?.map(({ what }) => what) ?? []
      expect(ofMas).not.toContain('no new login')
      expect(ofMas).not.toContain('way in stops')
      const [first, second] = plans.map(({ findings }) => findings.map(({ code }) => code))
      expect(first).toContain('ACCOUNTS_WITHOUT_LOGIN')
      expect(second).not.toContain('ACCOUNTS_WITHOUT_LOGIN')
      await nothingIsThere()
    })

    it('get each their part, and links by which people find their accounts', async () => {
      const { runs, links } = told(await typed('migrate', '--yes', '--json', road.asOf), 0) as RunOfTwo
      expect(runs.map(({ target }) => target.product)).toEqual(['Keycloak', 'MAS'])
      const people = await road.people()
      expect(people).toHaveLength(outcomes(runs[0] as RunDocument)['created'] ?? 0)
      expect(links?.links?.written).toBe(people.length)
      expect(await road.countInMas('upstream_oauth_links')).toBe(people.length)
      expect(await road.countInMas('user_passwords')).toBe(0)
      expect(await road.countInMas('compat_sessions')).toBeGreaterThan(20)
      expect(people.filter(({ credentials }) => (credentials as readonly unknown[]).length > 0).length).toBeGreaterThan(
        20,
      )
      expect(people.flatMap((one) => one['links']).length).toBeGreaterThan(5)

      const [row] = await postgres.execute(
        road.mas,
        `SELECT l.subject, u.username FROM upstream_oauth_links l JOIN users u USING (user_id)
       WHERE u.username ~ '^[a-z]+$' AND u.deactivated_at IS NULL AND u.locked_at IS NULL ORDER BY u.username LIMIT 1`,
      )
      const [subject, username] = [String(row?.['subject']), String(row?.['username'])]
      await road.realm.admin.put(`users/${subject}/reset-password`, {
        type: 'password',
        value: 'a new one',
        temporary: false,
      })
      expect(subjectIn(await directGrant(road.realm, username, 'a new one'))).toBe(subject)
    })

    it('are proved together, which also misses a link', async () => {
      const clean = told(await typed('verify', '--json', road.asOf), 0) as VerifyOfTwo
      expect(clean.links?.links).toMatchObject({ write: 0 })
      await postgres.execute(
        road.mas,
        `CREATE TABLE kept AS SELECT * FROM upstream_oauth_links ORDER BY subject LIMIT 1`,
        'DELETE FROM upstream_oauth_links l USING kept k WHERE k.upstream_oauth_link_id = l.upstream_oauth_link_id',
      )
      const text = await typed('verify', road.asOf)
      expect(text).toMatchObject({ code: 12, stdout: expect.stringMatching(/^ *1 {2}to be written$/mu) })
      await postgres.execute(road.mas, 'INSERT INTO upstream_oauth_links SELECT * FROM kept', 'DROP TABLE kept')
    })

    it('change nothing when it is done again, and make no run of no links', async () => {
      const { runs, links } = told(await typed('migrate', '--yes', '--json', road.asOf), 0) as RunOfTwo
      for (const run of runs) {
        expect(
          Object.keys(outcomes(run))
            .toSorted()
            .filter((one) => one !== 'held back'),
        ).toEqual(['unchanged'])
      }
      expect(links).not.toHaveProperty('runId')
      const list = await runProgram(['runs', 'list', '--json', `--runs-dir=${road.runs}`], { folder: road.folder })
      const { runs: known } = told(list, 0) as RunsDocument
      expect(known.map(({ kind }) => kind).toSorted()).toEqual(['link', 'load', 'merge', 'merge', 'merge'])
    })

    it('are refused where the rules would bring other people to one than to the other', async () => {
      const refused = await typed('plan', '--mapping=mas=mappings.yaml')
      expect(refused).toMatchObject({ code: 64, stderr: expect.stringContaining('mappings.yaml') })
    })
  },
)
