import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ReadinessDocument } from '../../../src/report/readiness-document.ts'
import { readinessSchema } from '../../../src/report/schema/readiness.ts'
import { type CertificateFiles, makeCertificates } from '../../support/certificates.ts'
import { type StandIn, type StandInName, startStandIn } from '../../support/readiness/stand-in.ts'
import { STAND_IN_SECRET, STAND_IN_TOKEN, type StandInOptions } from '../../support/readiness/stand-in-product.ts'
import { type ProgramResult, runProgram } from '../../support/run-program.ts'

const DEV = fileURLToPath(new URL('../../../bin/dev.js', import.meta.url))

let certificates: CertificateFiles
let env: Readonly<Record<string, string>> = {}
beforeAll(() => {
  certificates = makeCertificates('nobody')
  env = { NODE_EXTRA_CA_CERTS: certificates.authority }
})
afterAll(() => rmSync(certificates.folder, { recursive: true }))

let folder = ''
const running: StandIn[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ready-'))
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()))
  rmSync(folder, { recursive: true })
})

/** With TLS, as clients demand it. */
const start = async (name: StandInName, options: StandInOptions = {}): Promise<StandIn> => {
  const standIn = await startStandIn(name, { tls: certificates, ...options })
  running.push(standIn)
  return standIn
}
const at = (name: string): string => join(folder, name)
const write = (name: string, text: string): string => {
  writeFileSync(at(name), text, { mode: 0o600 })
  return at(name)
}
const readiness = (...args: readonly string[]): Promise<ProgramResult> =>
  runProgram(['readiness', ...args], { folder, env })
const asked = async (...args: readonly string[]): Promise<{ code: number | null; document: ReadinessDocument }> => {
  const { code, stdout } = await readiness(...args, '--json')
  return { code, document: JSON.parse(stdout) as ReadinessDocument }
}
const failures = ({ probes }: ReadinessDocument): readonly string[] =>
  probes.filter(({ result, level }) => result === 'fail' && level !== 'info').map(({ code }) => code)

describe('syn2op readiness', () => {
  it('ends with 0 where all is well, and its JSON is as its schema has it', async () => {
    const { serverName = '', issuer, violations } = await start('synapse-mas')
    const { code, document } = await asked(serverName)
    expect(failures(document)).toEqual([])
    expect(code).toBe(0)
    expect(readinessSchema.parse(document)).toEqual(document)
    expect(document).toMatchObject({ homeserver: { serverName }, op: { issuer, product: 'MAS' }, left: [] })
    expect(violations).toEqual([])
  })

  it('ends with 11 at warnings, and with 0 where they are acknowledged', async () => {
    const { serverName = '' } = await start('tuwunel')
    const { code, stdout } = await readiness(serverName)
    expect(code).toBe(11)
    expect(stdout).toContain('OAUTH_AWARE')
    const { code: accepted, document } = await asked(serverName, '--accept', 'all-warnings')
    expect(accepted).toBe(0)
    expect(document.probes).toContainEqual(expect.objectContaining({ code: 'OAUTH_AWARE', accepted: 'all-warnings' }))
  })

  it('ends with 0 of a homeserver that has no OAuth, and says that in its first words', async () => {
    const { serverName = '' } = await start('synapse')
    const { code, stdout } = await readiness(serverName)
    expect(code).toBe(0)
    expect(stdout).toContain('People can log in as before, by password; this homeserver has no OAuth.')
  })

  it('ends with 10 at an error, and names the field', async () => {
    const { serverName = '' } = await start('synapse-mas', {
      faults: ({ path }, reply) => {
        if (!path.endsWith('/auth_metadata')) return reply
        const { token_endpoint: _, ...body } = reply.body as Readonly<Record<string, unknown>>
        return { ...reply, body }
      },
    })
    const { code, stdout } = await readiness(serverName)
    expect(code).toBe(10)
    expect(stdout).toContain('token_endpoint')
  })

  it.each([
    ['12 where something that people could do before cannot be done now', 'synapse-mas', ['password'], 'lost', 12],
    ['0 where MAS got the logins, and people find their account at its page', 'synapse', [], 'moved', 0],
  ] as const)('ends with %s', async (_, name, off, change, ended) => {
    const before = await start(name)
    await readiness(before.serverName ?? '', '--report', `json=${at('before.json')}`)
    const now = await start('synapse-mas', { off: [...off] })
    // A homeserver is compared with itself alone: the two have but other ports.
    const ports = readFileSync(at('before.json'), 'utf8')
      .replaceAll(before.serverName ?? '-', now.serverName ?? '')
      .replaceAll(before.issuer ?? '-no issuer-', now.issuer ?? '')
    writeFileSync(at('before.json'), ports)
    const { code, document } = await asked(now.serverName ?? '', '--compare', at('before.json'))
    expect(document.comparison?.abilities).toContainEqual(expect.objectContaining({ change }))
    if (ended === 0) expect(document.comparison?.abilities.filter((one) => one.change === 'lost')).toEqual([])
    expect(code).toBe(ended)
  })

  it('ends with 5 where nobody answers, and still says what that means', async () => {
    const { baseUrl = '', stop } = await start('synapse')
    await stop()
    const { code, stdout, stderr } = await readiness(baseUrl)
    expect(code).toBe(5)
    expect(stdout).toContain('Nobody can log in')
    expect(stderr).toContain(`The homeserver does not answer at ${baseUrl}`)
    expect(stderr).toContain('server.unreachable')
    const op = await readiness('--op', `${baseUrl}/`)
    expect(op.code).toBe(5)
    expect(op.stderr).toContain('The OP does not answer')
  })

  it('asks an OP alone', async () => {
    const { issuer = '', violations } = await start('keycloak')
    const { document } = await asked('--op', issuer)
    expect(document).toMatchObject({ op: { issuer, product: 'Keycloak' }, abilities: [] })
    expect(document.homeserver).toBeUndefined()
    expect(violations).toEqual([])
  })

  it('leaves nothing behind unless --register allows it, and then says what', async () => {
    // Over http, so that the client is of another host than this machine, which MAS takes for nobody's.
    const standIn = await startStandIn('synapse-mas')
    running.push(standIn)
    const { baseUrl = '', clients } = standIn
    await readiness(baseUrl)
    expect(clients()).toEqual([])
    const { document } = await asked(baseUrl, '--register')
    expect(clients()).not.toEqual([])
    for (const id of clients()) expect(document.left.join()).toContain(id)
  })

  it("goes a client's way when asked, and shows where it ends", async () => {
    const { serverName = '' } = await start('synapse')
    const { code, document } = await asked(serverName, '--walk')
    expect(document.walk?.outcome).toBe('failed')
    expect(document.walk?.steps.find(({ outcome }) => outcome === 'failed')?.messages).not.toEqual([])
    expect(readinessSchema.parse(document)).toEqual(document)
    expect(code).toBe(10)
  })

  it('writes every kind of report', async () => {
    const { serverName = '' } = await start('synapse')
    const kinds = ['html', 'json', 'text', 'markdown', 'csv', 'junit']
    const { stderr } = await readiness(serverName, ...kinds.flatMap((kind) => ['--report', `${kind}=${at(kind)}`]))
    for (const kind of kinds) {
      expect(readFileSync(at(kind), 'utf8').replaceAll('\\', '')).toContain('METADATA_STABLE')
      expect(stderr).toContain(`Wrote the ${kind} report to ${at(kind)}`)
    }
  })
})

describe('syn2op readiness --synapse-config alone', () => {
  /** Nothing of Node's own may reach the network. */
  const OFFLINE = `data:text/javascript,${encodeURIComponent(
    "import net from 'node:net'; const no = () => { process.stderr.write('NETWORK'); process.exit(99) }; net.Socket.prototype.connect = no; globalThis.fetch = no",
  )}`

  it('says each line and change that keeps Synapse from starting under MAS, and asks nobody', async () => {
    const file = write(
      'homeserver.yaml',
      'server_name: example.org\nenable_registration: true\nmatrix_authentication_service:\n  enabled: true\n  secret: hush-hush-secret\n',
    )
    const { code, stdout, stderr } = await runProgram(['readiness', '--synapse-config', file], {
      folder,
      env: { NODE_OPTIONS: `--import=${OFFLINE}` },
    })
    expect({ code, stderr }).toEqual({ code: 10, stderr: '' })
    expect(stdout).toMatch(/enable_registration +\S+homeserver\.yaml:2 +enable_registration: false/u)
    expect(stdout).not.toContain('hush-hush-secret')
  })

  it('ends with 0 where nothing does', async () => {
    const file = write('homeserver.yaml', 'server_name: example.org\npassword_config:\n  enabled: false\n')
    const { code, document } = await asked('--synapse-config', file)
    expect(code).toBe(0)
    expect(readinessSchema.parse(document)).toEqual(document)
    expect(document).toMatchObject({ probes: [], configuration: { serverName: 'example.org', conflicts: [] } })
  })
})

describe('syn2op readiness --watch', () => {
  /** Runs it, and does something once it has told of an error: only then has a round come to its end, however long that took. */
  const watching = async (
    args: readonly string[],
    onceTold: (child: ChildProcess) => void,
  ): Promise<{ readonly code: unknown; readonly stdout: string; readonly stderr: string }> => {
    const child = spawn(process.execPath, [DEV, 'readiness', ...args, '--watch'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const told = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (told.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const before = told.stderr
      told.stderr += text
      if (!FIRST_ERROR.test(before) && FIRST_ERROR.test(told.stderr)) onceTold(child)
    })
    const code = await new Promise((resolve) => child.on('close', resolve))
    return { code, ...told }
  }
  const FIRST_ERROR = /TOKENS_CHECKED {2}error/u

  it('asks until no error is left, tells what changes, and ends with that', async () => {
    let broken = true
    const { serverName = '' } = await start('synapse-mas', {
      faults: ({ path }, reply) =>
        broken && path.endsWith('/whoami') ? { status: 503, body: { errcode: 'M_UNKNOWN' } } : reply,
    })
    const { code, stdout, stderr } = await watching([serverName, '--every', '1'], () => (broken = false))
    expect(code).toBe(0)
    expect(stdout.match(/syn2op readiness of/gu)).toHaveLength(1)
    expect(stderr).toMatch(/^\d\d:\d\d:\d\d UTC {2}TOKENS_CHECKED {2}error: .*503/mu)
    expect(stderr).toMatch(/^\d\d:\d\d:\d\d UTC {2}.*mended: .*TOKENS_CHECKED/mu)
  })

  it('ends with 130 at Ctrl-C, after it said how things stand', async () => {
    const { serverName = '' } = await start('synapse-mas', { off: ['mas'] })
    const { code, stderr } = await watching([serverName, '--every', '60'], (child) => child.kill('SIGINT'))
    expect(code).toBe(130)
    expect(stderr).toMatch(/still open: .*TOKENS_CHECKED/u)
    expect(stderr).toContain('run.interrupted')
  })
})

describe('syn2op readiness, asked wrongly', () => {
  it.each([
    [[], 'Nothing is named that could be looked at'],
    [['example.org', '--watch', '--register'], '--register'],
    [['example.org', '--watch', '--walk'], '--walk'],
    [['example.org', '--every', '2'], '--watch'],
    [['example.org', '--account', 'a'], '--walk'],
    [['example.org', '--report', 'sarif=a'], 'It can be written as: html, json, text, markdown, csv, junit'],
    [['example.org', '--accept', 'VERSION'], 'No probe has the code VERSION'],
    [['example.org', '--pseudonymise', 'a'], '--pseudonymise would do nothing'],
    [['example.org', '--compare', 'none.json'], 'there is no such file'],
    [['--synapse-config', 'h.yaml', '--watch'], 'Without a server nobody is asked: --watch'],
    [['other.org', '--synapse-config', 'h.yaml'], 'homeserver.yaml is of example.org, and other.org is to be asked'],
    [['https://me:hunter2@example.org'], 'without user and password'],
    [['example.org', '--op', 'https://me:hunter2@example.org'], 'without user and password'],
    [['example.org', '--token-file', 'open.txt'], 'others may read'],
    [['--op', 'https://auth.example.org/', '--token-file', 'open.txt'], 'only an OP is named'],
    [['example.org', '--walk', '--account', '-', '--token-file', '-'], 'cannot both be the standard input'],
  ])('%j ends with 64 and says why', async (args, words) => {
    write('h.yaml', 'server_name: example.org\n')
    write('open.txt', 'token')
    chmodSync(at('open.txt'), 0o644)
    const { code, stdout, stderr } = await readiness(...args)
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
    expect(stderr).toContain(words)
    expect(stderr).not.toContain('hunter2')
  })
})

describe('secrets', () => {
  it('are asked with, and printed nowhere, though the server repeats them', async () => {
    const secrets = [STAND_IN_SECRET, STAND_IN_TOKEN, 'as-token-of-the-bridge-1234567890']
    const { baseUrl = '', requests } = await start('synapse-mas', {
      faults: (_, reply) =>
        reply.status < 400 ? reply : { ...reply, body: { errcode: 'M_FORBIDDEN', error: secrets.join(' ') } },
    })
    write('bridge.yaml', `id: bridge\nsender_localpart: bot\nas_token: ${secrets[2]}\nnamespaces: {}\n`)
    const file = write(
      'homeserver.yaml',
      `server_name: localhost\napp_service_config_files: [${at('bridge.yaml')}]\nmatrix_authentication_service:\n  enabled: true\n  secret: ${STAND_IN_SECRET}\n`,
    )
    const kinds = ['html', 'json', 'text', 'markdown', 'csv', 'junit']
    const args = [
      baseUrl,
      '--synapse-config',
      file,
      '--token-file',
      write('token', `${STAND_IN_TOKEN}\n`),
      '--register',
    ]
    const reports = kinds.flatMap((kind) => ['--report', `${kind}=${at(`report-${kind}`)}`])
    const outputs = await Promise.all([
      readiness(...args, ...reports, '--verbose', '--log-level', 'debug'),
      readiness(...args, '--json'),
    ])
    const files = readdirSync(folder).filter((name) => name.startsWith('report-'))
    expect(files).toHaveLength(kinds.length)
    const all = [
      ...outputs.flatMap(({ stdout, stderr }) => [stdout, stderr]),
      ...files.map((one) => readFileSync(at(one), 'utf8')),
    ]
    for (const text of all)
      for (const secret of secrets)
        for (const form of [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)])
          expect(text).not.toContain(form)
    const { probes } = JSON.parse(outputs[1]?.stdout ?? '') as ReadinessDocument
    const withSecrets = ['MAS_API', 'CAPABILITIES', 'BRIDGES', 'INTROSPECTION']
    for (const code of withSecrets)
      expect(probes.find((one) => one.code === code)).toMatchObject({ result: expect.stringMatching(/pass|fail/u) })
    expect(requests.length).toBeGreaterThan(20)
  })
})
