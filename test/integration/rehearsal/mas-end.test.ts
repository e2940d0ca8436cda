import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { stringify } from 'yaml'
import { DEMO, DEMO_PROVIDERS } from '../../../src/rehearsal/demo/constants.ts'
import { type MasEndOptions, masEnd } from '../../../src/rehearsal/ends/mas/mas-end.ts'
import type { ThrowAwayTarget } from '../../../src/rehearsal/ends/throw-away-target.ts'
import { imagesOf } from '../../../src/rehearsal/services/containers/images.ts'
import { demoSource } from '../../../src/rehearsal/sources/demo.ts'
import type { RehearsalSource } from '../../../src/rehearsal/sources/rehearsal-source.ts'
import type { ProofResult } from '../../../src/report/proof-parts.ts'
import { loadMasConfig } from '../../../src/targets/mas/config/load-mas-config.ts'
import { findMas, requireMas } from '../../support/mas/installed-mas.ts'
import { testPostgres } from '../../support/postgres.ts'
import { actingMasCli } from '../../support/rehearsal/acting-mas-cli-file.ts'
import { type Moving, movingPeople } from '../../support/rehearsal/move-people.ts'
import { type ThrowAwayContext, throwAwayContext } from '../../support/rehearsal/throw-away-context.ts'

interface Rehearsed {
  readonly context: ThrowAwayContext
  readonly source: RehearsalSource
  end(options?: Partial<MasEndOptions>): Promise<{ readonly target: ThrowAwayTarget; readonly moving: Moving }>
}

/** A small demo, and a MAS for it. */
const rehearsed = async (name: string): Promise<Rehearsed> => {
  const context = await throwAwayContext()
  const { folder } = context.lease
  const createDatabase = (database: string) =>
    testPostgres().createDatabase(`${name}_${database}`, { encoding: 'UTF8' })
  const source = await demoSource({ accounts: 200, damage: 'none', createDatabase, folder, signal: context.signal })
  return {
    context,
    source,
    async end(options = {}) {
      const target = await masEnd({
        postgres: { createDatabase },
        homeserver: source.homeserver,
        images: imagesOf({ given: [], pull: 'never' }),
        readers: 2,
        context,
        ...options,
      })
      onTestFinished(() => target.stop())
      return { target, moving: movingPeople(source, target, folder) }
    },
  }
}

const isEqual = (tables: readonly { readonly missing: number; readonly extra: number; readonly differing: number }[]) =>
  tables.length > 0 && tables.every(({ missing, extra, differing }) => missing + extra + differing === 0)

const surprises = (results: readonly ProofResult[] = []): readonly ProofResult[] =>
  results.filter(({ worked, expected }) => worked !== expected)

/** Moves everybody, proves what can be proved, and takes them back. @returns what was proved */
const wholeNight = async ({ context, source }: Rehearsed, target: ThrowAwayTarget, moving: Moving) => {
  const { findings } = await moving.check()
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
  const planned = await moving.plan()
  const run = await moving.migrate()
  expect(isEqual((await moving.verify()).tables)).toBe(true)
  const ends = await target.startProofs?.(context)
  const proved = ends === undefined ? undefined : await moving.verify({ ...source.secrets, ...ends })
  await ends?.stop()
  expect(await moving.rollback(run)).toMatchObject({ accounts: 200, used: 0 })
  expect((await moving.plan()).changes).toEqual(planned.changes)
  return proved
}

describe('a MAS that is thrown away', () => {
  it('is its tables alone where there is no mas-cli, takes people and gives them back', async () => {
    const night = await rehearsed('mas_end')
    const { target, moving } = await night.end({ wanted: 'stand-in' })
    expect(target.services).toEqual(["MAS's tables, without a MAS"])
    expect(await wholeNight(night, target, moving)).toBeUndefined()
  })

  it('says what stays unproved without mas-cli, and how to have it proved', async () => {
    const { end } = await rehearsed('mas_end_unproved')
    const { target } = await end({ wanted: 'stand-in' })
    const { unproved, startProofs } = target
    expect(startProofs).toBeUndefined()
    expect(unproved.map(({ what }) => what)).toEqual(['logins', 'tokens', 'sso'])
    expect(unproved.filter(({ why }) => why.includes('--mas-cli')).map(({ what }) => what)).toEqual([
      'logins',
      'tokens',
    ])
  })

  it('lets people in by what acts as mas-cli, with a copy of what was migrated, and leaves nothing running', async () => {
    const night = await rehearsed('mas_end_cli')
    const masCli = await actingMasCli(night.context.lease.folder)
    const { target, moving } = await night.end({ masCli })
    expect(target.services).toEqual([`mas-cli 0.0.0-acting (${masCli})`])
    const proved = await wholeNight(night, target, moving)
    const results = proved?.proofs?.results ?? []
    expect(surprises(results)).toEqual([])
    expect(results.filter(({ what, worked }) => what === 'password' && worked)).toHaveLength(5)
    expect(results.filter(({ what, worked }) => what === 'token' && worked)).toHaveLength(7)
    expect(night.context.belongings).toEqual([])
  })

  it('is configured as the administrator’s own files say, in a place of its own that nobody else can read', async () => {
    const { context, end } = await rehearsed('mas_end_own')
    const folder = join(context.lease.folder, 'etc')
    await mkdir(folder)
    await writeFile(join(folder, 'pepper'), DEMO.pepper)
    const [first, second] = [join(folder, 'config.yaml'), join(folder, 'providers.yaml')]
    const own = {
      http: { public_base: 'https://account.company.example/', listeners: [{ binds: [{ address: '[::]:8080' }] }] },
      database: { uri: 'postgresql://mas@db.company.example/mas' },
      email: { transport: 'smtp', hostname: 'mail.company.example' },
      matrix: {
        homeserver: DEMO.serverName,
        endpoint: 'https://matrix.company.example/',
        secret_file: '/nowhere/secret',
      },
      secrets: { encryption: DEMO.masEncryption, keys: [{ key_file: '/nowhere/key' }] },
      passwords: {
        schemes: [
          { version: 3, algorithm: 'bcrypt', unicode_normalization: true, secret_file: 'pepper' },
          { version: 4, algorithm: 'argon2id' },
        ],
      },
    }
    const providers = DEMO_PROVIDERS.map(({ ulid, authProvider, issuer }) => ({
      id: ulid,
      synapse_idp_id: authProvider,
      issuer,
    }))
    await writeFile(first, stringify(own))
    await writeFile(second, stringify({ upstream_oauth2: { providers } }))
    const masCli = await actingMasCli(context.lease.folder)
    const { target, moving } = await end({ targetConfig: [first, second], masCli })

    expect((await stat(target.configFile)).mode & 0o777).toBe(0o600)
    const config = await loadMasConfig([target.configFile])
    expect(Buffer.from(config.encryptionKey).toString('hex')).toBe(DEMO.masEncryption)
    expect(config.passwordSchemes.map(({ version, algorithm }) => [version, algorithm])).toEqual([
      [3, 'bcrypt'],
      [4, 'argon2id'],
    ])
    expect(config.providers.map(({ id }) => id)).toEqual(DEMO_PROVIDERS.map(({ ulid }) => ulid))
    expect(config.database.database).toBe('mas_end_own_mas')
    const text = await readFile(target.configFile, 'utf8')
    expect(text).not.toMatch(/company\.example|\/nowhere\//u)
    const { findings } = await moving.check()
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
    // It starts with them, too.
    const ends = await target.startProofs?.(context)
    await ends?.stop()
    expect(ends?.loginUrl).toMatch(/^http:\/\/127\.0\.0\.1:/u)
  })

  it('is refused with the words of a mas-cli that fails', async () => {
    const { context, end } = await rehearsed('mas_end_fails')
    const masCli = join(context.lease.folder, 'mas-cli')
    const script =
      '#!/bin/sh\n[ "$1" = --version ] && echo mas-cli 9 && exit\necho the database is of another MAS >&2\nexit 7\n'
    await writeFile(masCli, script, { mode: 0o755 })
    await expect(end({ masCli })).rejects.toMatchObject({
      code: 'rehearsal.no-backend',
      message: expect.stringContaining('database migrate ended with 7'),
      problems: expect.arrayContaining([{ message: 'the database is of another MAS' }]),
    })
    expect(context.belongings).toEqual([])
  })

  it('takes nothing else where the mas-cli that is named is none', async () => {
    const { end } = await rehearsed('mas_end_none')
    await expect(end({ masCli: '/nowhere/mas-cli' })).rejects.toMatchObject({
      code: 'rehearsal.no-backend',
      problems: [{ message: expect.stringContaining('/nowhere/mas-cli is no program that can be run') }],
    })
  })

  it('looks for mas-cli on the PATH, and says where there is none', async () => {
    const { context, end } = await rehearsed('mas_end_path')
    onTestFinished(() => void vi.unstubAllEnvs())
    vi.stubEnv('PATH', '/nowhere')
    const { target: without } = await end({ wanted: 'local' })
    expect(without.services).toEqual(["MAS's tables, without a MAS"])
    expect(context.notes).toContain('Not MAS of this machine: no mas-cli is on the PATH: --mas-cli FILE')
    const masCli = await actingMasCli(context.lease.folder)
    vi.stubEnv('PATH', `/nowhere:${context.lease.folder}`)
    const { target: found } = await end({ wanted: 'local' })
    expect(found.services).toEqual([`mas-cli 0.0.0-acting (${masCli})`])
  })

  const found = findMas()

  it.skipIf(typeof found === 'string')(
    '[mas-cli] lets people in by a real MAS',
    async () => {
      const night = await rehearsed('mas_end_real')
      const { cli, share } = requireMas(found)
      const folder = join(night.context.lease.folder, 'mas')
      await mkdir(folder)
      await symlink(cli, join(folder, 'mas-cli'))
      await symlink(share, join(folder, 'share'))
      const { target, moving } = await night.end({ masCli: join(folder, 'mas-cli') })
      const proved = await wholeNight(night, target, moving)
      const results = proved?.proofs?.results ?? []
      expect(results.length).toBeGreaterThan(10)
      expect(surprises(results)).toEqual([])
    },
    120_000,
  )
})
