import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { databaseComment } from '../../../src/rehearsal/leases/databases.ts'
import { readRecord, writeRecord } from '../../../src/rehearsal/leases/lease-record.ts'
import { startProgram } from '../../../src/rehearsal/leases/start-program.ts'
import { type SweepOptions, sweep } from '../../../src/rehearsal/leases/sweep.ts'
import { newLeaseId, takeLease } from '../../../src/rehearsal/leases/take-lease.ts'
import { imagesOf } from '../../../src/rehearsal/services/containers/images.ts'
import { postgresWays } from '../../../src/rehearsal/services/postgres/postgres-ways.ts'
import { testPostgres } from '../../support/postgres.ts'
import { comesTrue, leaseFolder, readLease, rehearsalProcess, runs } from '../../support/rehearsal-process.ts'

let root: string
const notes: string[] = []
beforeAll(async () => {
  root = await leaseFolder()
})
afterEach(async () => {
  await sweep(options({ also: 'kept' }))
  notes.length = 0
})
afterAll(() => rm(dirname(root), { recursive: true, force: true }))

const options = (more: Partial<SweepOptions> = {}): SweepOptions => ({
  root,
  note: (message) => notes.push(message),
  signal: new AbortController().signal,
  ...more,
})

const PROGRAM = `
  const { startProgram } = await load('leases/start-program.ts')
  const program = await startProgram(lease, 'sh', ['-c', 'sleep 300 & sleep 300'], { output: 'ignore', env: process.env });`

const SERVER = `
  const { localPostgres } = await load('services/postgres/local-postgres.ts')
  const server = await localPostgres('throw-away').start(context);`

const PROGRAM_TELLS = `${PROGRAM} tell({ pid: program.child.pid })`

const connect = async ({ host, port, user, password, database }: PostgresSettings): Promise<pg.Client> => {
  const client = new pg.Client({ host, port, user, password: password ?? '', database })
  await client.connect()
  return client
}

describe('a rehearsal that was killed', () => {
  it('leaves nothing: its guard ends its server, its programs and what those have started', async () => {
    const rehearsal = await rehearsalProcess(
      root,
      `${SERVER}${PROGRAM} tell({ pid: program.child.pid, settings: server.settings('postgres') })`,
    )
    const { id, pid, settings } = rehearsal.told as { id: string; pid: number; settings: PostgresSettings }
    await (await connect(settings)).end()
    await rehearsal.kill()
    expect(await comesTrue(() => !existsSync(join(root, id)))).toBe(true)
    expect(runs(pid)).toBe(false)
    await expect(connect(settings)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('is found by the next one where its guard was killed too', async () => {
    const rehearsal = await rehearsalProcess(
      root,
      `${SERVER}${PROGRAM} tell({ pid: program.child.pid, settings: server.settings('postgres') })`,
    )
    const { id, pid, settings } = rehearsal.told as { id: string; pid: number; settings: PostgresSettings }
    await rehearsal.killWithGuard()
    expect(runs(pid)).toBe(true)
    await (await connect(settings)).end()
    const swept = await sweep(options())
    expect(swept).toEqual([{ id, what: [`a program with the number ${pid}`, 'a PostgreSQL server'], left: [] }])
    expect(notes).toEqual([
      `Ended what the rehearsal ${id} left: a program with the number ${pid}, a PostgreSQL server`,
    ])
    expect(runs(pid)).toBe(false)
    await expect(connect(settings)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect(await readdir(root)).toEqual([])
    expect(await sweep(options())).toEqual([])
  })

  it('is ended by several at once, without harm', async () => {
    const rehearsal = await rehearsalProcess(root, `${SERVER}${PROGRAM} tell({ pid: program.child.pid })`)
    const { pid } = rehearsal.told as { pid: number }
    await rehearsal.killWithGuard()
    const sweeps = await Promise.all([sweep(options()), sweep(options()), sweep(options())])
    expect(sweeps.flat().flatMap(({ left }) => left)).toEqual([])
    expect(runs(pid)).toBe(false)
    expect(await readdir(root)).toEqual([])
  })

  it('is known by its programs’ children where the program itself has ended', async () => {
    const rehearsal = await rehearsalProcess(
      root,
      `const { startProgram } = await load('leases/start-program.ts')
      const program = await startProgram(lease, 'sh', ['-c', 'sleep 300 & echo $!'], { output: 'pipe', env: process.env })
      const child = await new Promise((resolve) => program.child.stdout.once('data', (line) => resolve(Number(line))))
      await program.ended
      tell({ child })`,
    )
    const { child } = rehearsal.told as { child: number }
    await rehearsal.killWithGuard()
    expect(runs(child)).toBe(true)
    await sweep(options())
    expect(runs(child)).toBe(false)
  })
})

describe('a number that another program has by now', () => {
  const stranger = async (work: (pid: number) => Promise<void>): Promise<void> => {
    const child = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' })
    await once(child, 'spawn')
    try {
      await work(child.pid ?? 0)
    } finally {
      child.kill('SIGKILL')
    }
  }

  /** The lease of a process that is dead, with what it held. */
  const deadLease = async (...belongings: Parameters<Awaited<ReturnType<typeof takeLease>>['holds']>) => {
    const { told, killWithGuard } = await rehearsalProcess(
      root,
      `await lease.holds(${JSON.stringify(belongings[0])}); tell({ folder: lease.folder })`,
    )
    await killWithGuard()
    return told as { id: string; folder: string }
  }

  it('is not signalled where a program had it', () =>
    stranger(async (pid) => {
      const { id } = await deadLease({ kind: 'program', pid, started: 'another start' })
      expect(await sweep(options())).toEqual([{ id, what: ['its files'], left: [] }])
      expect(runs(pid)).toBe(true)
    }))

  it('is not signalled where a database server had it', () =>
    stranger(async (pid) => {
      const { told, killWithGuard } = await rehearsalProcess(
        root,
        `const { mkdir, writeFile } = await import('node:fs/promises')
        const folder = lease.folder + '/postgres'
        await lease.holds({ kind: 'cluster', folder })
        await mkdir(folder + '/data', { recursive: true })
        await writeFile(folder + '/data/postmaster.pid', '${pid}\\n' + folder + '/data\\n')
        tell({})`,
      )
      await killWithGuard()
      expect(await sweep(options())).toEqual([{ id: told['id'], what: ['the files of a PostgreSQL server'], left: [] }])
      expect(runs(pid)).toBe(true)
    }))

  it('is not taken for the rehearsal itself', () =>
    stranger(async (pid) => {
      const { id, folder } = await deadLease({ kind: 'program', pid, started: 'another start' })
      const record = await readRecord(folder)
      if (record === undefined) throw new TypeError('the lease is there')
      await writeRecord(folder, { ...record, pid, started: 'another start' })
      expect(await sweep(options())).toMatchObject([{ id }])
    }))
})

describe('a sweep', () => {
  it('leaves a rehearsal alone that lives', async () => {
    const rehearsal = await rehearsalProcess(root, PROGRAM_TELLS)
    const { id, pid } = rehearsal.told as { id: string; pid: number }
    expect(await sweep(options({ also: 'kept' }))).toEqual([])
    expect(await sweep(options({ also: { id } }))).toEqual([{ id, what: [], left: [], alone: 'is running' }])
    expect(runs(pid)).toBe(true)
    await rehearsal.kill()
    expect(await comesTrue(() => !runs(pid))).toBe(true)
  })

  it('leaves a rehearsal alone of a place that cannot be seen from here', async () => {
    const rehearsal = await rehearsalProcess(root, `tell({ folder: lease.folder })`)
    const { id, folder } = rehearsal.told as { id: string; folder: string }
    await rehearsal.killWithGuard()
    const record = await readRecord(folder)
    if (record === undefined) throw new TypeError('the lease is there')
    await writeRecord(folder, { ...record, place: 'another container pid:[1] boot' })
    expect(await sweep(options())).toEqual([])
    expect(await readdir(root)).toEqual([id])
    await writeRecord(folder, record)
  })

  it('ends a rehearsal that was kept only where it is asked to', async () => {
    const keep = `${SERVER}${PROGRAM}
      await program.keep(); await server.keep(); await lease.keep(); await program.stop(); await server.stop()
      tell({ pid: program.child.pid, settings: server.settings('postgres') })`
    const [first, second] = await Promise.all([rehearsalProcess(root, keep), rehearsalProcess(root, keep)])
    const ids = [first.told['id'], second.told['id']] as const
    await first.kill()
    await second.kill()
    expect(await sweep(options())).toEqual([])
    for (const { told } of [first, second]) {
      expect(runs(told['pid'] as number)).toBe(true)
      await (await connect(told['settings'] as PostgresSettings)).end()
    }
    expect(await sweep(options({ also: { id: String(ids[1]) } }))).toMatchObject([{ id: ids[1], left: [] }])
    await (await connect(first.told['settings'] as PostgresSettings)).end()
    expect(await sweep(options({ also: 'kept' }))).toMatchObject([{ id: ids[0], left: [] }])
    for (const { told } of [first, second]) {
      expect(runs(told['pid'] as number)).toBe(false)
      await expect(connect(told['settings'] as PostgresSettings)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    }
    expect(await readdir(root)).toEqual([])
  })

  it('tells what it cannot end, and comes back to it', async () => {
    const realm = { kind: 'realm', url: 'https://keycloak.example', name: 'syn2op-1' } as const
    const rehearsal = await rehearsalProcess(root, `await lease.holds(${JSON.stringify(realm)}); tell({})`)
    const { id } = rehearsal.told as { id: string }
    await rehearsal.killWithGuard()
    const left =
      'the realm syn2op-1 at https://keycloak.example: name that Keycloak and its administrator again, or delete it there'
    expect(await sweep(options())).toEqual([{ id, what: [], left: [left] }])
    expect(notes).toEqual([
      `Left of the rehearsal ${id}: ${left}`,
      `The next rehearsal tries again, until ${join(root, id)} is deleted`,
    ])
    const refuse = async (): Promise<void> => {
      throw new Error('it does not answer')
    }
    expect(await sweep(options({ removeRealm: refuse }))).toMatchObject([
      { left: ['the realm syn2op-1 at https://keycloak.example: it does not answer'] },
    ])
    const removed: unknown[] = []
    const remove = async (asked: unknown): Promise<void> => void removed.push(asked)
    expect(await sweep(options({ removeRealm: remove }))).toMatchObject([{ id, left: [] }])
    expect(removed).toEqual([realm])
    expect(await readdir(root)).toEqual([])
  })

  it('leaves alone what is no lease that it understands', async () => {
    const folder = join(root, '20261123-120501-1k7vq0c8m2xha')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'lease.json'), '{"format": 2}')
    expect(await sweep(options())).toEqual([])
    expect(existsSync(folder)).toBe(true)
    await rm(folder, { recursive: true })
  })
})

describe('a folder of leases that somebody else has made', () => {
  it('is neither believed nor used', async () => {
    const theirs = join(dirname(root), 'theirs')
    const { told, killWithGuard } = await rehearsalProcess(theirs, PROGRAM_TELLS)
    await killWithGuard()
    const owner = process.getuid?.() ?? 0
    const somebodyElse = vi.spyOn(process, 'getuid').mockReturnValue(owner + 1)
    expect(await sweep(options({ root: theirs }))).toEqual([])
    expect(runs(told['pid'] as number)).toBe(true)
    await expect(takeLease({ root: theirs })).rejects.toMatchObject({ code: 'temporary.unwritable' })
    somebodyElse.mockRestore()
    expect(await sweep(options({ root: theirs }))).toMatchObject([{ id: told['id'], left: [] }])
  })
})

describe('a lease', () => {
  it('is nobody else’s to read', async () => {
    const lease = await takeLease({ root })
    const { mode } = await stat(join(lease.folder, 'lease.json'))
    expect(mode & 0o777).toBe(0o600)
    await lease.end()
    expect(existsSync(lease.folder)).toBe(false)
  })

  it('stays with what was not ended', async () => {
    const lease = await takeLease({ root })
    const realm = { kind: 'realm', url: 'https://keycloak.example', name: 'a' } as const
    await lease.holds(realm)
    await lease.holds(realm)
    expect(await readLease(root, lease.id)).toMatchObject({ belongings: [realm] })
    expect(await lease.end()).toBe('something is left')
    expect(existsSync(lease.folder)).toBe(true)
    await lease.gone(realm)
    expect(await lease.end()).toBe('ended')
    expect(existsSync(lease.folder)).toBe(false)
  })

  it('knows of a program before that runs', async () => {
    const lease = await takeLease({ root })
    const mark = join(lease.folder, 'mark')
    const forgetful = {
      ...lease,
      holds: async () => {
        throw new Error('the disk is full')
      },
    }
    const failure = startProgram(forgetful, 'touch', [mark], { output: 'ignore', env: { PATH: process.env['PATH'] } })
    await expect(failure).rejects.toThrow('the disk is full')
    const { ended } = await startProgram(lease, 'sleep', ['0'], {
      output: 'ignore',
      env: { PATH: process.env['PATH'] },
    })
    expect(await ended).toBe(0)
    expect(existsSync(mark)).toBe(false)
    await rm(lease.folder, { recursive: true })
  })
})

describe('databases on a server that is given', () => {
  const server = testPostgres()
  const given = server.settings('postgres')
  const databases = async (): Promise<readonly unknown[]> => {
    const found = await server.execute(
      'postgres',
      "select datname from pg_database where starts_with(datname, 'syn2op_rehearsal_') order by 1",
    )
    return found.map(({ datname }) => datname)
  }
  const ways = postgresWays({ given, images: imagesOf({ given: [], pull: 'never' }), durability: 'usual' })

  it('are made under names of the rehearsal, and dropped at its end', async () => {
    const lease = await takeLease({ root })
    const [way] = ways
    const service = await way?.start({ lease, note: () => {}, signal: new AbortController().signal })
    if (service === undefined) throw new TypeError('there is one way')
    expect(service.what).toMatch(/^PostgreSQL \d+\.\d+ at /u)
    const settings = await service.createDatabase('synapse')
    expect(settings.database).toBe(`syn2op_rehearsal_${lease.id}_synapse`)
    expect(service.settings('synapse')).toEqual(settings)
    expect(
      await server.execute(
        settings.database,
        'select datcollate as collation from pg_database where datname = current_database()',
      ),
    ).toEqual([{ collation: 'C' }])
    expect(await databases()).toContain(settings.database)
    await service.stop()
    await service.stop()
    expect(await databases()).not.toContain(settings.database)
    await lease.end()
    expect(existsSync(lease.folder)).toBe(false)
  })

  it('are dropped by a later sweep that is given the server', async () => {
    const rehearsal = await rehearsalProcess(
      root,
      `const { givenPostgres } = await load('services/postgres/given-postgres.ts')
      const service = await givenPostgres(${JSON.stringify(given)}).start(context)
      await service.createDatabase('synapse')
      tell({ name: (await service.createDatabase('mas')).database })`,
    )
    const { id, name } = rehearsal.told as { id: string; name: string }
    await rehearsal.killWithGuard()
    expect(await readFile(join(root, id, 'lease.json'), 'utf8')).not.toContain(given.password ?? 'password')
    const other = { ...given, port: given.port + 1 }
    expect(await sweep(options({ postgres: other }))).toMatchObject([{ id, what: [] }])
    expect(await databases()).toContain(name)
    expect(await sweep(options({ postgres: given }))).toMatchObject([{ id, left: [] }])
    expect((await databases()).filter((found) => String(found).includes(id))).toEqual([])
    expect(await readdir(root)).toEqual([])
  })

  it('are somebody else’s where the name is taken: neither our end nor a later sweep touches them', async () => {
    const lease = await takeLease({ root })
    const name = `syn2op_rehearsal_${lease.id}_synapse`
    await server.execute('postgres', `create database ${pg.escapeIdentifier(name)}`)
    const [way] = ways
    const service = await way?.start({ lease, note: () => {}, signal: new AbortController().signal })
    if (service === undefined) throw new TypeError('there is one way')
    await expect(service.createDatabase('synapse')).rejects.toMatchObject({ code: '42P04' })
    expect(await readLease(root, lease.id)).toMatchObject({ belongings: [] })
    await service.stop()
    expect(await databases()).toContain(name)
    await lease.end()
    await server.execute('postgres', `drop database ${pg.escapeIdentifier(name)}`)
  })

  it('stay where their name or their comment says that they are of another rehearsal', async () => {
    const rehearsal = await rehearsalProcess(
      root,
      `const database = { kind: 'database', server: '${given.host}:${given.port}' }
      const names = ['syn2op_rehearsal_' + lease.id + '_synapse', 'syn2op_rehearsal_of_another']
      for (const name of names) await lease.holds({ ...database, name })
      tell({ names })`,
    )
    const { id, names } = rehearsal.told as { id: string; names: readonly string[] }
    await rehearsal.killWithGuard()
    const theirs = databaseComment({
      id,
      place: 'ci-8 2c4d pid:[4026531836] its-boot',
      folder: '/elsewhere',
      until: new Date(Date.now() + 3_600_000),
    })
    const identifiers = names.map((name) => pg.escapeIdentifier(name))
    for (const database of identifiers) {
      await server.execute(
        'postgres',
        `create database ${database}`,
        `comment on database ${database} is ${pg.escapeLiteral(theirs)}`,
      )
    }
    const [swept] = await sweep(options({ postgres: given }))
    expect(swept).toMatchObject({ id, what: [] })
    expect(swept?.left).toHaveLength(2)
    expect(swept?.left.join('\n')).toContain('does not say that it is of this rehearsal')
    expect(await databases()).toEqual(expect.arrayContaining([...names]))
    await server.execute('postgres', ...identifiers.map((database) => `drop database ${database}`))
    await sweep(options({ postgres: given }))
    await rm(join(root, id), { recursive: true, force: true })
  })

  it('go once their time has passed where nobody can know of their rehearsal; those that were kept stay', async () => {
    const owner = { id: '20250101-000000-0000', place: 'gone 1f3a pid:[4026531836] its-boot', folder: '/nowhere' }
    const past = databaseComment({ ...owner, until: new Date(0) })
    const future = databaseComment({ ...owner, until: new Date(Date.now() + 3_600_000) })
    const comments = { past, future, kept: `Kept. ${past}`, foreign: 'ours' }
    const name = (which: string): string => `syn2op_rehearsal_${owner.id}_${which}`
    for (const [which, comment] of Object.entries(comments)) {
      const database = pg.escapeIdentifier(name(which))
      await server.execute(
        'postgres',
        `create database ${database}`,
        `comment on database ${database} is ${pg.escapeLiteral(comment)}`,
      )
    }
    expect(await sweep(options({ postgres: given }))).toMatchObject([{ id: owner.id, left: [] }])
    const stay = ['foreign', 'future', 'kept'].map(name)
    expect((await databases()).filter((found) => String(found).includes(owner.id))).toEqual(stay)
    await server.execute('postgres', ...stay.map((database) => `drop database ${pg.escapeIdentifier(database)}`))
  })

  it('go without a comment too, which a server that finishes what a dead rehearsal asked of it never gets', async () => {
    const [old, young] = ['20250101-000000-0000000000000', newLeaseId(new Date())] as const
    const [left, own, foreign] = [`${old}_mas_proofs`, `${young}_mas_proofs`, '20250101_mas'].map(
      (name) => `syn2op_rehearsal_${name}`,
    ) as [string, string, string]
    const identifiers = (names: readonly string[]) => names.map((name) => pg.escapeIdentifier(name))
    await server.execute('postgres', ...identifiers([left, own, foreign]).map((name) => `create database ${name}`))
    onTestFinished(async () => {
      await server.execute(
        'postgres',
        ...identifiers([left, own, foreign]).map((name) => `drop database if exists ${name}`),
      )
    })
    const what = `the database ${left} on ${given.host}:${given.port}`
    expect(await sweep(options({ postgres: given }))).toEqual([{ id: old, what: [what], left: [] }])
    expect(await databases()).not.toContain(left)
    expect(await databases()).toEqual(expect.arrayContaining([own, foreign]))
  })

  it('that were kept go where they are asked to, also when all of /tmp was emptied since', async () => {
    const lease = await takeLease({ root })
    const [way] = ways
    const service = await way?.start({ lease, note: () => {}, signal: new AbortController().signal })
    if (service === undefined) throw new TypeError('there is one way')
    const { database } = await service.createDatabase('synapse')
    await service.keep()
    await lease.keep()
    await rm(lease.folder, { recursive: true, force: true })
    expect(await sweep(options({ postgres: given }))).toEqual([])
    expect(await sweep(options({ postgres: given, also: { id: 'another' } }))).toEqual([])
    expect(await databases()).toContain(database)
    // The guard needs a moment to see that it is not needed: until then the rehearsal counts as one that runs.
    await vi.waitFor(
      async () => {
        const what = `the database ${database} on ${given.host}:${given.port}`
        const ended = await sweep(options({ postgres: given, also: { id: lease.id } }))
        expect(ended).toEqual([{ id: lease.id, what: [what], left: [] }])
      },
      { timeout: 60_000, interval: 200 },
    )
    expect(await databases()).not.toContain(database)
  })

  it('of another role are left to its rehearsals, and keep no other from going', async () => {
    await server.execute('postgres', "create role rehearsal_other login createdb password 'other'")
    const names = ['20250101-000000-0000000000001', '20250101-000000-0000000000002'].map((id) =>
      pg.escapeIdentifier(`syn2op_rehearsal_${id}_mas`),
    )
    await server.execute('postgres', `create database ${names[0]}`, `create database ${names[1]} owner rehearsal_other`)
    onTestFinished(async () => {
      await server.execute('postgres', ...names.map((name) => `drop database if exists ${name}`))
      await server.execute('postgres', 'drop role rehearsal_other')
    })
    const other = { ...given, user: 'rehearsal_other', password: 'other' }
    expect(await sweep(options({ postgres: other }))).toMatchObject([{ id: '20250101-000000-0000000000002' }])
    expect(notes).toEqual([expect.stringContaining('0000000000002_mas')])
  })

  it('are refused where the role may make none', async () => {
    await server.execute('postgres', "create role rehearsal_poor login password 'poor'")
    const lease = await takeLease({ root })
    const poor = { ...given, user: 'rehearsal_poor', password: 'poor' }
    const [way] = postgresWays({ given: poor, images: imagesOf({ given: [], pull: 'never' }), durability: 'usual' })
    const failure = way?.start({ lease, note: () => {}, signal: new AbortController().signal })
    await expect(failure).rejects.toMatchObject({ code: 'database.not-allowed' })
    await server.execute('postgres', 'drop role rehearsal_poor')
    await lease.end()
  })
})
