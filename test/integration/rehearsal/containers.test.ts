import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { startContainerPostgres } from '../../../src/rehearsal/containers.ts'
import { synapseDdl } from '../../../src/rehearsal/demo/ddl.ts'
import { fillDemoHomeserver } from '../../../src/rehearsal/demo/fill.ts'
import { startEngine, type TestEngine, whyNoEngine } from '../../support/container-engine.ts'
import { postgresImage } from '../../support/postgres-image.ts'
import { runProgram } from '../../support/run-program.ts'

const missing = whyNoEngine()

const REHEARSE = ['rehearse', '--demo', '--accounts=500', '--backend=containers']

const connect = async ({ host, port, user, password, database }: PostgresSettings): Promise<pg.Client> => {
  const client = new pg.Client({ host, port, user, password: password ?? '', database })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** What the program needs to find the same engine. */
const engineVariables = (): Record<string, string> => {
  const { DOCKER_HOST, TESTCONTAINERS_RYUK_DISABLED = 'true' } = process.env
  return { TESTCONTAINERS_RYUK_DISABLED, ...(DOCKER_HOST !== undefined && { DOCKER_HOST }) }
}

describe.skipIf(missing !== undefined)(
  `a PostgreSQL in a container${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let engine: TestEngine
    let image: string

    beforeAll(async () => {
      // The reaper's image cannot be pulled where the registry cannot be reached.
      vi.stubEnv('TESTCONTAINERS_RYUK_DISABLED', 'true')
      engine = await startEngine()
      if (engine.address !== undefined) vi.stubEnv('DOCKER_HOST', engine.address)
      image = await postgresImage()
    }, 300_000)

    afterAll(async () => {
      await engine?.stop()
      vi.unstubAllEnvs()
    })

    it('serves a demo homeserver, and is gone after its end', async () => {
      const server = await startContainerPostgres({ image })
      expect(server.backend).toMatch(/^container syn2op-test-postgres:bookworm, PostgreSQL 15\./)
      const settings = await server.createDatabase('demo')
      const client = await connect(settings)
      for (const statement of synapseDdl('1.163.2')) await client.query(statement)
      const counts = await fillDemoHomeserver(client, { accounts: 1000, damage: 'all', version: '1.163.2' })
      expect(counts.get('users')).toBeGreaterThan(1000)
      const { rows } = await client.query('show fsync')
      expect(rows).toEqual([{ fsync: 'off' }])
      await client.end()
      await server.stop()
      await server.stop()
      await expect(connect(settings)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    }, 120_000)

    it('carries a whole rehearsal, started as an administrator would', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'syn2op-containers-'))
      const { code, stdout, stderr } = await runProgram(
        [...REHEARSE, `--image=${image}`, '--json', '--report', 'predictions=people.csv'],
        { folder, env: engineVariables() },
      )
      const predictions = await readFile(join(folder, 'people.csv'), 'utf8')
      await rm(folder, { recursive: true })
      expect(predictions.trim().split('\n').length).toBeGreaterThan(20)
      expect(stderr).not.toContain('Error')
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject({
        kind: 'rehearsal',
        verdict: 'passed',
        backend: expect.stringContaining(image) as string,
      })
    }, 120_000)

    it('asks for its password', async () => {
      const server = await startContainerPostgres({ image })
      await expect(connect({ ...server.settings('postgres'), password: 'guess' })).rejects.toMatchObject({
        code: '28P01',
      })
      await server.stop()
    }, 120_000)

    it('runs a command of ours, as a user of ours, in an image that knows nothing of PostgreSQL’s conventions', async () => {
      const script = `set -e; data=/tmp/data; bin=$(echo /usr/lib/postgresql/*/bin)
      $bin/initdb --pgdata=$data --auth=scram-sha-256 --pwfile=<(echo "$POSTGRES_PASSWORD")
      echo 'host all all all scram-sha-256' >> $data/pg_hba.conf
      exec $bin/postgres -D $data -c listen_addresses='*' -c unix_socket_directories=/tmp -c cluster_name=ours`
      const server = await startContainerPostgres({ image, command: ['bash', '-c', script], user: 'postgres' })
      const client = await connect(server.settings('postgres'))
      expect((await client.query('show cluster_name')).rows).toEqual([{ cluster_name: 'ours' }])
      await client.end()
      await server.stop()
    }, 120_000)

    it('says what to do when the image cannot be had', async () => {
      const failure = startContainerPostgres({ image: 'syn2op-no-such-image:never' })
      await expect(failure).rejects.toMatchObject({ code: 'rehearsal.no-backend' })
      await expect(failure).rejects.toHaveProperty(
        'next',
        expect.arrayContaining([expect.stringContaining('docker pull')]),
      )
    }, 120_000)
  },
)
