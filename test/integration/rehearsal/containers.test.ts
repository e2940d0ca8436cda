import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { REHEARSAL_LABEL } from '../../../src/rehearsal/leases/labels.ts'
import type { Lease } from '../../../src/rehearsal/leases/lease.ts'
import { readRecord, writeRecord } from '../../../src/rehearsal/leases/lease-record.ts'
import { type SweepOptions, sweep } from '../../../src/rehearsal/leases/sweep.ts'
import { takeLease } from '../../../src/rehearsal/leases/take-lease.ts'
import { imagesOf } from '../../../src/rehearsal/services/containers/images.ts'
import { type ContainerRequest, startContainer } from '../../../src/rehearsal/services/containers/start-container.ts'
import { containerPostgres } from '../../../src/rehearsal/services/postgres/container-postgres.ts'
import type { PostgresService } from '../../../src/rehearsal/services/postgres/postgres-service.ts'
import type { RehearsalDocument } from '../../../src/report/documents.ts'
import { whyNoEngine } from '../../support/container-engine.ts'
import { docker } from '../../support/images/docker.ts'
import { leaseFolder, rehearsalProcess } from '../../support/rehearsal-process.ts'
import { runProgram } from '../../support/run-program.ts'
import { type SharedEngine, sharedEngine } from '../../support/shared-engine.ts'

const missing = whyNoEngine()

const connect = async ({ host, port, user, password, database }: PostgresSettings): Promise<pg.Client> => {
  const client = new pg.Client({ host, port, user, password: password ?? '', database })
  client.on('error', () => {})
  await client.connect()
  return client
}

describe.skipIf(missing !== undefined)(
  `a rehearsal’s containers${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    const signal = new AbortController().signal
    let engine: SharedEngine
    let image: string
    let root: string
    let lease: Lease

    beforeAll(async () => {
      engine = await sharedEngine()
      image = await engine.image('postgres')
      root = await leaseFolder()
      lease = await takeLease({ root })
    }, 300_000)

    afterEach(() => sweep(options({ also: 'kept' })))

    afterAll(async () => {
      await lease?.end()
      await rm(dirname(root), { recursive: true, force: true })
      vi.unstubAllEnvs()
    })

    const options = (more: Partial<SweepOptions> = {}): SweepOptions => ({ root, note: () => {}, signal, ...more })

    /** Names of the containers with a label, whether they run or not. */
    const named = async (label: string): Promise<readonly string[]> => {
      const found = await docker(
        engine.variables['DOCKER_HOST'],
        'ps',
        '-a',
        '--filter',
        `label=${label}`,
        '--format',
        '{{.Names}}',
      )
      return found.split('\n').filter(Boolean)
    }

    const waiting = (more: Partial<ContainerRequest> = {}): ContainerRequest => ({
      lease,
      service: 'postgres',
      image,
      pull: 'never',
      ports: [],
      entrypoint: ['sh'],
      command: ['-c', 'echo ready; exec sleep 300'],
      wait: { kind: 'log', says: /ready/u },
      timeoutMs: 60_000,
      note: () => {},
      signal,
      ...more,
    })

    /** A process that has begun a rehearsal with a container that waits. */
    const rehearsal = (then: string) =>
      rehearsalProcess(
        root,
        `const { startContainer } = await load('services/containers/start-container.ts')
        const container = await startContainer({
          lease, service: 'postgres', image: ${JSON.stringify(image)}, pull: 'never', ports: [], entrypoint: ['sh'],
          command: ['-c', 'echo ready; exec sleep 300'], wait: { kind: 'log', says: /ready/u }, timeoutMs: 60000, note: () => {}, signal: context.signal,
        })
        ${then}; tell({})`,
      )

    const postgres = async (durability: 'throw-away' | 'usual'): Promise<PostgresService> => {
      const images = imagesOf({ given: [image], pull: 'never' })
      return containerPostgres(images, durability).start({ lease, note: () => {}, signal })
    }

    it('are a PostgreSQL that does not wait for disks, and asks for its password', async () => {
      const service = await postgres('throw-away')
      expect(service.what).toMatch(new RegExp(`^container ${image}, PostgreSQL \\d+\\.\\d+$`, 'u'))
      const settings = await service.createDatabase('synapse')
      const client = await connect(settings)
      expect((await client.query('show fsync')).rows).toEqual([{ fsync: 'off' }])
      await client.end()
      await expect(connect({ ...settings, password: 'guess' })).rejects.toMatchObject({ code: '28P01' })
      const [name = ''] = await named(`syn2op.rehearsal=${lease.id}`)
      const inspected = await docker(engine.variables['DOCKER_HOST'], 'inspect', name)
      expect(inspected).toContain('POSTGRES_PASSWORD_FILE=')
      expect(inspected).not.toContain(settings.password ?? '')
      const bound = await docker(engine.variables['DOCKER_HOST'], 'port', name, '5432')
      expect(bound).toBe(`${settings.host}:${settings.port}`)
      const addresses = Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address))
      expect(addresses).toContain(settings.host)
      await service.stop()
      await service.stop()
      await expect(connect(settings)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
      expect(await named(`syn2op.rehearsal=${lease.id}`)).toEqual([])
      expect(await readRecord(lease.folder)).toMatchObject({ belongings: [] })
    })

    it('are a PostgreSQL with its own settings, where times are to mean something', async () => {
      const service = await postgres('usual')
      const client = await connect(service.settings('postgres'))
      expect((await client.query('show fsync')).rows).toEqual([{ fsync: 'on' }])
      expect((await client.query('show synchronous_commit')).rows).toEqual([{ synchronous_commit: 'on' }])
      await client.end()
      await service.stop()
    })

    it('have the files, variables and labels that they were asked to have', async () => {
      const target = '/etc/words.txt'
      const container = await startContainer(
        waiting({
          environment: { WORD: 'ready' },
          files: [{ content: 'from a file', target, mode: 0o644 }],
          command: ['-c', `id -un; cat ${target}; echo; echo "$WORD"; exec sleep 300`],
          user: 'postgres',
        }),
      )
      await vi.waitFor(() => expect(container.logs()).toEqual(['postgres', 'from a file', 'ready']), {
        timeout: 60_000,
      })
      const [name = ''] = await named(`syn2op.rehearsal=${lease.id}`)
      const labels = await docker(
        engine.variables['DOCKER_HOST'],
        'inspect',
        name,
        '--format',
        '{{json .Config.Labels}}',
      )
      expect(JSON.parse(labels)).toMatchObject(lease.labels)
      await container.stop()
    })

    it('go as soon as their rehearsal dies', async () => {
      const { told, kill } = await rehearsal('')
      expect(await named(`syn2op.rehearsal=${told['id']}`)).toHaveLength(1)
      await kill()
      for (let attempt = 0; attempt < 300; attempt++) {
        if ((await named(`syn2op.rehearsal=${told['id']}`)).length === 0) break
        await sleep(100)
      }
      expect(await named(`syn2op.rehearsal=${told['id']}`)).toEqual([])
    })

    it('are found by the next rehearsal where the guard died too', async () => {
      const { told, killWithGuard } = await rehearsal('')
      await killWithGuard()
      expect(await named(`syn2op.rehearsal=${told['id']}`)).toHaveLength(1)
      const [swept, again] = await Promise.all([sweep(options()), sweep(options())])
      expect(swept).toMatchObject([{ id: told['id'], what: [`a container of ${image}`], left: [] }])
      expect(again.flatMap(({ left }) => left)).toEqual([])
      expect(await named(`syn2op.rehearsal=${told['id']}`)).toEqual([])
    })

    it('are left where another engine answers than the one that they are at', async () => {
      const { told, killWithGuard } = await rehearsal('')
      await killWithGuard()
      const folder = join(root, String(told['id']))
      const record = await readRecord(folder)
      if (record === undefined) throw new TypeError('the lease is there')
      await writeRecord(folder, { ...record, belongings: [{ kind: 'containers', engine: 'another' }] })
      const left = [expect.stringContaining('at another container engine than the one that answers now')]
      expect(await sweep(options())).toMatchObject([{ id: told['id'], what: [], left }])
      await writeRecord(folder, record)
      expect(await sweep(options())).toMatchObject([{ id: told['id'], what: [`a container of ${image}`], left: [] }])
    })

    it('stay where they are kept, until they are asked to go', async () => {
      const { told, kill } = await rehearsal('await container.keep(); await lease.keep(); await container.stop()')
      await kill()
      expect(await sweep(options())).toEqual([])
      expect(await named(`syn2op.rehearsal=${told['id']}`)).toEqual([expect.stringMatching(/-kept$/u)])
      expect(await sweep(options({ also: { id: String(told['id']) } }))).toMatchObject([{ id: told['id'], left: [] }])
      expect(await named(`syn2op.rehearsal=${told['id']}`)).toEqual([])
    })

    it('go after their time where their rehearsal’s files went with its machine; those that were kept, where they are asked to', async () => {
      const of = (id: string, deadline: Date): Lease => ({
        ...lease,
        labels: {
          'syn2op.rehearsal': id,
          'syn2op.deadline': deadline.toISOString(),
          'syn2op.host': 'a-job-that-is-gone',
          'syn2op.folder': '/nowhere',
        },
      })
      const later = new Date(Date.now() + 3_600_000)
      const past = await startContainer(waiting({ lease: of('past', new Date(0)) }))
      const kept = await startContainer(waiting({ lease: of('kept', new Date(0)) }))
      await kept.keep()
      const future = await startContainer(waiting({ lease: of('future', later) }))
      expect(await sweep(options())).toEqual([{ id: 'past', what: [`a container of ${image}`], left: [] }])
      expect(await named('syn2op.rehearsal=past')).toEqual([])
      expect(await named('syn2op.rehearsal=kept')).toHaveLength(1)
      expect(await named('syn2op.rehearsal=future')).toHaveLength(1)
      await past.stop()
      await future.stop()
      // Of another machine: all that are kept here are not it.
      expect(await sweep(options({ also: 'kept' }))).toEqual([])
      expect(await sweep(options({ also: { id: 'kept' } }))).toMatchObject([{ id: 'kept', left: [] }])
      expect(await named('syn2op.rehearsal=kept')).toEqual([])
      for (const belonging of (await readRecord(lease.folder))?.belongings ?? []) await lease.gone(belonging)
    })

    it('are gone when their start is interrupted', async () => {
      const stop = new AbortController()
      const failure = startContainer(waiting({ wait: { kind: 'log', says: /never/u }, signal: stop.signal }))
      // It is awaited below, when it has been interrupted.
      failure.catch(() => {})
      for (let attempt = 0; attempt < 300; attempt++) {
        if ((await named(`syn2op.rehearsal=${lease.id}`)).length > 0) break
        await sleep(50)
      }
      expect(await named(`syn2op.rehearsal=${lease.id}`)).toHaveLength(1)
      stop.abort()
      await expect(failure).rejects.toMatchObject({ code: 'run.interrupted' })
      expect(await named(`syn2op.rehearsal=${lease.id}`)).toEqual([])
    })

    it('stay in their lease while their image is still being fetched, since they would be made after it', async () => {
      const asked = Promise.withResolvers<void>()
      const release = Promise.withResolvers<void>()
      const registry = createServer(async (_, response) => {
        asked.resolve()
        await release.promise
        response.writeHead(404).end()
      }).listen(0, '127.0.0.1')
      await once(registry, 'listening')
      const stop = new AbortController()
      const { port } = registry.address() as AddressInfo
      const slow = waiting({ image: `127.0.0.1:${port}/slow:1`, pull: 'missing', signal: stop.signal })
      const failure = startContainer(slow)
      // It is awaited below, when it has been interrupted.
      failure.catch(() => {})
      await asked.promise
      stop.abort()
      await sleep(500)
      expect(await readRecord(lease.folder)).toMatchObject({ belongings: [{ kind: 'containers' }] })
      release.resolve()
      await expect(failure).rejects.toMatchObject({ code: 'run.interrupted' })
      await vi.waitFor(async () => expect(await readRecord(lease.folder)).toMatchObject({ belongings: [] }), 30_000)
      registry.close()
    })

    it('say with their own words why they do not start, and leave nothing', async () => {
      const command = ['-c', 'echo the disk is full; exit 3']
      const failure = startContainer(waiting({ command, timeoutMs: 60_000 }))
      await expect(failure).rejects.toMatchObject({
        code: 'rehearsal.no-backend',
        problems: expect.arrayContaining([{ message: 'the disk is full' }]) as unknown,
      })
      expect(await named(`syn2op.rehearsal=${lease.id}`)).toEqual([])
    })

    it('carry a whole rehearsal, started as an administrator would', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'syn2op-containers-'))
      const { code, stdout, stderr } = await runProgram(
        ['rehearse', '--demo', '--accounts=200', `--image=${image}`, '--pull=never', '--json'],
        { folder, env: { ...engine.variables, TMPDIR: folder } },
      )
      expect(stderr).not.toContain('Error')
      const document = JSON.parse(stdout) as RehearsalDocument
      expect(document).toMatchObject({
        kind: 'rehearsal',
        verdict: 'passed',
        services: expect.arrayContaining([expect.stringContaining(image)]) as unknown,
      })
      expect(code).toBe(0)
      expect(await named(`${REHEARSAL_LABEL}=${document.id}`)).toEqual([])
      expect(await readdir(join(folder, `syn2op-rehearsals-${process.getuid?.()}`))).toEqual([])
      await rm(folder, { recursive: true })
    })

    it('are of images that are there, where none is to be fetched', async () => {
      const failure = startContainer(waiting({ image: 'syn2op-no-such-image:never' }))
      await expect(failure).rejects.toMatchObject({
        code: 'rehearsal.no-backend',
        message: 'The engine has no image syn2op-no-such-image:never, and none is to be fetched',
        next: expect.arrayContaining([expect.stringContaining('--pull missing')]) as unknown,
      })
    })

    it('say what to do where an image cannot be fetched', async () => {
      const failure = startContainer(waiting({ image: 'syn2op-no-such-image:never', pull: 'missing' }))
      await expect(failure).rejects.toMatchObject({
        code: 'rehearsal.no-backend',
        next: expect.arrayContaining([expect.stringContaining('docker pull')]) as unknown,
      })
    })
  },
)
