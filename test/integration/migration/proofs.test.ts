import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import { verify } from '../../../src/migration/verify.ts'
import { DEMO_CANARIES } from '../../../src/rehearsal/demo/canaries.ts'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import { type MatrixStandIn, type MatrixWorld, startMatrixStandIn } from '../../support/matrix-server.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { demoProviders, demoRequest } from '../../support/migration/requests.ts'
import { migrated } from '../../support/migration/run.ts'
import { testPostgres } from '../../support/postgres.ts'

const at = (localpart: string): string => `@${localpart}:${DEMO.serverName}`

describe('proofs after the cut-over', () => {
  const postgres = testPostgres()
  let request: MigrationRequest
  let world: MatrixWorld
  let server: MatrixStandIn
  let mas: string

  const canary = (localpart: string) => {
    const found = DEMO_CANARIES.find((each) => each.localpart === localpart)
    if (found === undefined) throw new Error(`The demo has no ${localpart}`)
    return {
      mxid: at(localpart),
      device: found.device,
      token: found.accessToken,
      password: found.password?.password ?? '',
    }
  }

  const proved = async (of: { readonly tokens?: readonly string[]; readonly passwords?: readonly string[] }) => {
    const tokens = (of.tokens ?? []).map(canary)
    const canaries = (of.passwords ?? []).map(canary)
    const document = await verify({
      ...request,
      proofs: { tokens, canaries, homeserverUrl: server.url, loginUrl: server.url },
    })
    const json = JSON.stringify(document)
    for (const { token, password } of [...tokens, ...canaries]) {
      expect(json).not.toContain(token)
      if (password !== '') expect(json).not.toContain(password)
    }
    return document.proofs?.results
  }

  beforeAll(async () => {
    const synapse = await createDemoHomeserver(postgres, 'proofs_synapse', { accounts: 60 })
    const target = await createMasDatabase(postgres, 'proofs_mas', demoProviders)
    mas = target.database
    request = demoRequest({ synapse, mas: target })
    await migrated(request)
    world = {
      tokens: new Map(
        DEMO_CANARIES.map(({ localpart, device, accessToken }) => [accessToken, { user: at(localpart), device }]),
      ),
      passwords: new Map(
        DEMO_CANARIES.flatMap(({ localpart, password }) =>
          password === undefined ? [] : [[at(localpart), password.password] as const],
        ),
      ),
    }
    server = await startMatrixStandIn(world)
  })
  afterAll(() => server?.stop())

  test('say that tokens and passwords of people work, as foretold', async () => {
    expect(await proved({ tokens: ['alice', 'bob'], passwords: ['erin', 'ulf'] })).toEqual([
      { what: 'token', mxid: at('alice'), device: 'ALICEPHONE', worked: true, expected: true },
      { what: 'token', mxid: at('bob'), device: 'BOBLAPTOP', worked: true, expected: true },
      { what: 'password', mxid: at('erin'), worked: true, expected: true },
      { what: 'password', mxid: at('ulf'), worked: true, expected: true },
    ])
  })

  test('say of a token that should work and does not what the server said', async () => {
    const { token } = canary('carol')
    world.tokens.delete(token)
    expect(await proved({ tokens: ['carol'] })).toEqual([
      {
        what: 'token',
        mxid: at('carol'),
        device: 'CAROLTABLET',
        worked: false,
        expected: true,
        answer: '401 M_UNKNOWN_TOKEN',
      },
    ])
  })

  test('foretell of a session that its owner closed at MAS that its token fails', async () => {
    await postgres.execute(mas, `UPDATE compat_sessions SET finished_at = now() WHERE device_id = 'DAVEWATCH'`)
    world.tokens.delete(canary('dave').token)
    expect(await proved({ tokens: ['dave'] })).toMatchObject([
      { worked: false, expected: false, reason: 'session_ended' },
    ])
  })

  test('try passwords at a target without a road by SQL, and compare no rows there', async () => {
    const slowly = async (signal: AbortSignal) => {
      const { sql: _, ...target } = await request.openTarget(signal)
      return { ...target, login: async ({ mxid }: { readonly mxid: string }) => ({ mxid, loggedIn: true }) }
    }
    const document = await verify({
      ...request,
      openTarget: slowly,
      proofs: { tokens: [], canaries: ['erin'].map(canary) },
    })
    expect(document.proofs?.results).toEqual([{ what: 'password', mxid: at('erin'), worked: true, expected: true }])
    expect(document.tables).toEqual([])
  })

  test('refuse a sample of a target without a road by SQL', async () => {
    const slowly = async (signal: AbortSignal) => {
      const { sql: _, ...target } = await request.openTarget(signal)
      return target
    }
    await expect(verify({ ...request, openTarget: slowly, sample: { accounts: 1 } })).rejects.toMatchObject({
      code: 'run.not-possible',
    })
  })

  test('try passwords at the target itself where nobody says where clients log in, and it can say', async () => {
    const logsIn = async (signal: AbortSignal) => ({
      ...(await request.openTarget(signal)),
      login: async ({ mxid }: { readonly mxid: string }) =>
        mxid === at('erin') ? { mxid, loggedIn: true } : { mxid, loggedIn: false, message: 'Invalid user credentials' },
    })
    const proofs = { tokens: [], canaries: ['erin', 'ulf'].map(canary) }
    const document = await verify({ ...request, openTarget: logsIn, proofs })
    expect(document.proofs?.results).toEqual([
      { what: 'password', mxid: at('erin'), worked: true, expected: true },
      { what: 'password', mxid: at('ulf'), worked: false, expected: true, answer: 'Invalid user credentials' },
    ])
    await expect(verify({ ...request, proofs })).rejects.toMatchObject({ code: 'usage' })
  })

  test('compare no rows: people use MAS by then', async () => {
    const document = await verify({ ...request, proofs: { tokens: [], canaries: [] } })
    expect(document).toMatchObject({ tables: [], differences: [], proofs: { results: [] } })
  })
})
