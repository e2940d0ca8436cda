import { createHmac } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import type { Evidence } from '../../../src/readiness/evidence.ts'
import { gather } from '../../../src/readiness/gather/gather.ts'
import { createAsk } from '../../../src/readiness/http/ask.ts'
import { judgeAll } from '../../../src/readiness/probes/all-probes.ts'
import type { ProbeCode } from '../../../src/readiness/probes/probe.ts'
import type { Subject } from '../../../src/readiness/subject.ts'
import type { ReadinessProbe } from '../../../src/report/readiness-document.ts'
import { callSynapse, textOf } from '../synapse/client.ts'
import type { InstalledSynapse } from '../synapse/install.ts'
import { freePort, type RunningSynapse, startSynapse } from '../synapse/start.ts'
import { discovered } from './discovery.ts'

/** Of the application service that each of these servers has. */
export const BRIDGE = { id: 'irc', token: 'irc-as-token', msc4190: false }

/** A real Synapse with the settings that it is installed with, but for those given; it tells its version too. */
export const startStockSynapse = async (
  installed: InstalledSynapse,
  database: string,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<RunningSynapse> => {
  const port = await freePort()
  const resources = [{ names: ['client', 'federation'], compress: false }]
  return startSynapse(installed, {
    port,
    database: { sqlite: database },
    serverName: 'story.example',
    applicationServices: [
      {
        id: BRIDGE.id,
        token: BRIDGE.token,
        senderLocalpart: '_irc_bot',
        users: [{ regex: '@_irc_.*:story\\.example', exclusive: true }],
      },
    ],
    settings: {
      enable_registration: null,
      enable_registration_without_verification: null,
      allow_guest_access: null,
      experimental_features: null,
      listeners: [{ port, type: 'http', bind_addresses: ['127.0.0.1'], resources }],
      ...settings,
    },
  })
}

/** Makes a person with an access token, as an administrator does. */
export const accessTokenOf = async (
  { baseUrl, registrationSecret }: RunningSynapse,
  username: string,
): Promise<string> => {
  const path = '/_synapse/admin/v1/register'
  const nonce = textOf(await callSynapse(baseUrl, 'GET', path), 'nonce')
  const password = `${username}’s password`
  const mac = createHmac('sha1', registrationSecret)
    .update([nonce, username, password, 'notadmin'].join('\0'))
    .digest('hex')
  return textOf(
    await callSynapse(baseUrl, 'POST', path, { body: { nonce, username, password, admin: false, mac } }),
    'access_token',
  )
}

/** How many rows each table has. */
export const rowCounts = (database: string): Readonly<Record<string, number>> => {
  const file = new DatabaseSync(database, { readOnly: true })
  try {
    const tables = file.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all()
    return Object.fromEntries(
      tables.map(({ name }) => {
        const row = file.prepare(`SELECT count(*) AS rows FROM "${String(name)}"`).get()
        return [String(name), Number(row?.['rows'])]
      }),
    )
  } finally {
    file.close()
  }
}

export interface Judged {
  readonly evidence: Evidence
  /** A probe as it is read: its result, and what was seen. */
  say(code: ProbeCode): string
  probe(code: ProbeCode): ReadinessProbe
  /** The codes of what failed, by their weight. */
  readonly failed: Readonly<Record<ReadinessProbe['level'], readonly string[]>>
  readonly passed: readonly string[]
  /** Each code with the reason. */
  readonly unasked: readonly string[]
}

/** A fixture of test/support/readiness/discovery with the addresses of these servers; those in it end in no slash. */
export const fixtureAt = (
  name: string,
  { homeserver = '', op = '' }: { homeserver?: string; op?: string } = {},
): unknown =>
  JSON.parse(
    JSON.stringify(discovered(name))
      .replaceAll('https://matrix.example.org', homeserver)
      .replaceAll('https://auth.example.org', op.replace(/\/$/, '')),
  )

/** Asks real servers, as the command does, and judges what they answered. */
export const readinessOf = async (subject: Partial<Subject>): Promise<Judged> => {
  const evidence = await gather(
    { origin: 'https://app.element.io', traces: 'none', ...subject },
    createAsk({ signal: new AbortController().signal }),
  )
  const probes = judgeAll(evidence)
  const probe = (code: ProbeCode): ReadinessProbe => {
    const found = probes.find((one) => one.code === code)
    if (found === undefined) throw new Error(`There is no probe ${code}`)
    return found
  }
  const failed = (level: ReadinessProbe['level']): readonly string[] =>
    probes.filter((one) => one.result === 'fail' && one.level === level).map(({ code }) => code)
  return {
    evidence,
    probe,
    say: (code) => `${probe(code).result}: ${probe(code).seen}`,
    passed: probes.filter(({ result }) => result === 'pass').map(({ code }) => code),
    unasked: probes.filter(({ result }) => result === 'not asked').map(({ code, seen }) => `${code}: ${seen}`),
    failed: { error: failed('error'), warning: failed('warning'), info: failed('info') },
  }
}
