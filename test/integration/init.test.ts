import { appendFile, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { parseSettingsFile } from '../../src/config/settings-file.ts'
import { loadMapping } from '../../src/mapping/load-mapping.ts'
import { AS_OF, type DemoRoad, makeDemoRoad } from '../support/demo-road.ts'
import { testPostgres } from '../support/postgres.ts'
import { type ProgramResult, runProgram } from '../support/run-program.ts'

const postgres = testPostgres()
const REGISTRATION = stringify({
  id: 'telegram',
  sender_localpart: 'telegrambot',
  namespaces: { users: [{ regex: String.raw`@_telegram_.*:demo\.example`, exclusive: true }] },
})
let road: DemoRoad
let folder: string
let homeserver: string

const init = (...args: readonly string[]): Promise<ProgramResult> =>
  runProgram(['init', '--synapse-config', homeserver, ...args], { folder, env: { SYN2OP_AS_OF: AS_OF } })
const count = async (condition: string): Promise<number> => {
  const client = await postgres.superuser(road.synapse)
  try {
    return Number((await client.query(`SELECT count(*) FROM ${condition}`)).rows[0].count)
  } finally {
    await client.end()
  }
}

beforeAll(async () => {
  road = await makeDemoRoad(postgres, { name: 'init', accounts: 300, damage: 'all' })
  folder = await mkdtemp(join(tmpdir(), 'syn2op-init-'))
  homeserver = join(folder, 'homeserver.yaml')
  await writeFile(join(folder, 'telegram.yaml'), REGISTRATION)
  const configured: object = parse(await readFile(road.files.homeserver, 'utf8'))
  const client = await postgres.superuser(road.synapse)
  try {
    await client.query(`
      INSERT INTO users (name) VALUES
        ('@_telegram_sso:demo.example'), ('@_telegram_device:demo.example'), ('@_telegram_ghost:demo.example');
      INSERT INTO user_external_ids VALUES ('oidc-github', 'telegram-sso', '@_telegram_sso:demo.example');
      INSERT INTO devices (user_id, device_id, hidden) VALUES
        ('@_telegram_device:demo.example', 'D', false), ('@_telegram_ghost:demo.example', 'KEY', true)`)
  } finally {
    await client.end()
  }
  const more = {
    app_service_config_files: ['telegram.yaml', '/data/of-a-container.yaml'],
    pusher_instances: ['pusher1'],
  }
  await writeFile(homeserver, stringify({ ...configured, ...more }))
})
afterAll(async () => {
  await road?.remove()
  await rm(folder, { recursive: true })
})

describe('syn2op init where both ends can be reached', () => {
  it('writes files with what is there, which check takes', async () => {
    const made = await init('--target-config', road.files.mas)
    expect(made.code).toBe(0)
    expect(made.stdout).toContain(join(folder, 'syn2op.yaml'))
    expect(made.stdout).toMatch(/syn2op check$/mu)
    const mapping = await readFile(join(folder, 'mapping.yaml'), 'utf8')
    const guests = await count('users WHERE is_guest = 1')
    expect(guests).toBeGreaterThan(0)
    expect(mapping).toContain(`guests: migrate # ${guests};`)
    const github = await count(`user_external_ids WHERE auth_provider = 'oidc-github'`)
    expect(mapping).toContain(`## oidc-github: ${github} identities; MAS has it`)
    const telegram = await count(String.raw`users WHERE name LIKE '@\_telegram\_%' AND appservice_id IS NULL`)
    expect(mapping).toContain(
      `telegram: @_telegram_.*:demo\\.example: ${telegram} accounts more, 2 with a password, an identity or a device\n`,
    )
    expect(mapping).toContain('\nregistrations: none #')
    expect(mapping).toMatch(/ {2}## \d+ accounts? waits? for approval.*\n {2}# - UNAPPROVED_OPEN\n/u)

    const checked = await runProgram(['check', '--json', '--no-input', '--accept', 'all-warnings'], { folder })
    const { findings } = JSON.parse(checked.stdout) as { findings: { code: string; severity: string }[] }
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(findings.map(({ code }) => code)).toEqual(expect.arrayContaining(['SYNAPSE_WORKERS', 'FILES_NOT_READ']))
    // What the mapping decides is no longer asked.
    expect(findings.map(({ code }) => code)).not.toContain('OAUTH_DELEGATED')
  })

  it('lets only its user read them, and leaves them alone until it may write over them', async () => {
    expect((await stat(join(folder, 'mapping.yaml'))).mode & 0o777).toBe(0o600)
    const refused = await init()
    expect(refused.code).toBe(64)
    expect(refused.stderr).toContain('mapping.yaml')
    expect(refused.stderr).toContain('--force')
  })

  it('does not write over the only place of a password', async () => {
    const own = join(folder, 'own')
    await mkdir(own)
    const settings = 'synapse: { database: "postgresql://u:s3cret@127.0.0.1:1/s" }\n'
    await writeFile(join(own, 'syn2op.yaml'), settings)
    const refused = await runProgram(['init', '--force', '--synapse-config', homeserver], { folder: own })
    expect(refused.code).toBe(64)
    expect(refused.stderr).toContain('synapse.databaseFile')
    expect(refused.stderr).not.toContain('s3cret')
    const link = join(folder, 'link')
    await symlink(own, link)
    const names = ['--config', join(link, 'syn2op.yaml'), '--out', own]
    expect((await init('--force', ...names)).stderr).toContain('synapse.databaseFile')
    expect(await readFile(join(own, 'syn2op.yaml'), 'utf8')).toBe(settings)
  })

  it('finds homeserver.yaml by itself in the folder, keeps what was edited, and tells programs what it did', async () => {
    const mapping = join(folder, 'mapping.yaml')
    await writeFile(`${mapping}.bak`, 'of before\n')
    await appendFile(mapping, '# mine\n')
    const edited = await readFile(mapping, 'utf8')
    const made = await runProgram(['init', '--json', '--force', '--target-config', road.files.mas], { folder })
    const document: unknown = JSON.parse(made.stdout)
    expect(document).toMatchObject({
      serverName: 'demo.example',
      accounts: await count('users'),
      files: { settings: join(folder, 'syn2op.yaml'), mapping },
      // What it wrote itself and nobody changed is not kept.
      kept: [`${mapping}.2.bak`],
      findings: { errors: 0 },
      unseen: [],
      next: ['syn2op check', 'syn2op plan'],
    })
    expect(await readFile(`${mapping}.2.bak`, 'utf8')).toBe(edited)
    expect(await readFile(`${mapping}.bak`, 'utf8')).toBe('of before\n')
  })
})

describe('syn2op init where nothing can be reached', () => {
  it('writes files all the same, and says what it did not see', async () => {
    const lonely = join(folder, 'lonely.yaml')
    const args = { user: 'u', password: 's3cret', host: '127.0.0.1', port: 1, dbname: 's' }
    await writeFile(lonely, stringify({ server_name: 'a.example', database: { name: 'psycopg2', args } }))
    const out = join(folder, 'elsewhere')
    const made = await runProgram(['init', '--synapse-config', lonely, '--out', out], { folder: tmpdir() })
    expect(made.code).toBe(0)
    expect(made.stdout).toContain("Not looked at: Synapse's database: ")
    expect(made.stdout).toContain('Not looked at: the configuration of MAS: ')
    expect(made.stdout).toContain(
      `syn2op init --force --config ${join(out, 'syn2op.yaml')} --out ${out} --target-config /etc/mas/config.yaml`,
    )
    expect(made.stdout).toContain('Do not edit them yet')
    expect(made.stdout).not.toContain('Read both files')
    expect((await loadMapping(join(out, 'mapping.yaml'))).accounts.guests).toBe('migrate')
    expect(await readFile(join(out, 'syn2op.yaml'), 'utf8')).not.toContain('s3cret')
    const { values } = parseSettingsFile(await readFile(join(out, 'syn2op.yaml'), 'utf8'), join(out, 'syn2op.yaml'))
    expect(values['synapse.config']?.raw).toBe(lonely)
  })
})
