import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { takeSample } from '../../../src/rehearsal/sample/take-sample.ts'
import { loadHomeserver } from '../../../src/synapse/load-homeserver.ts'
import { testPostgres } from '../../support/postgres.ts'
import { leaksIn, secretsOf } from '../../support/sample/leaks.ts'
import { sampleRequest, takenAndLoaded } from '../../support/sample/taken.ts'
import { whyNoSynapse } from '../../support/synapse/install.ts'
import { type StoryServer, startStoryServer } from '../../support/synapse/real-synapse.ts'

const SOURCE = 'sample_real'

/** SYN2OP_TEST_REQUIRE=all: nothing may be skipped for want of a tool. */
const missing = process.env['SYN2OP_TEST_REQUIRE'] === 'all' ? undefined : await whyNoSynapse()

describe.skipIf(missing)(`a sample of a real Synapse${missing ? ` (${missing})` : ''}`, () => {
  const postgres = testPostgres()
  let folder: string
  let source: PostgresSettings
  let server: StoryServer

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syn2op-sample-'))
    source = await postgres.createDatabase(SOURCE, { encoding: 'UTF8' })
    server = await startStoryServer(source)
  })
  afterAll(async () => {
    await server?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('gives nobody away, and says the same findings', async () => {
    const homeserver = await loadHomeserver([server.synapse.configFile], { databaseUrl: source })
    const out = join(folder, 'sample')
    const request = sampleRequest({ homeserver, source, asOf: Date.now() }, out)
    const { manifest, loaded } = await takenAndLoaded(postgres, 'sample_real_loaded', request)
    expect(manifest.findings.length).toBeGreaterThan(5)
    expect(manifest.rows['users']).toBe(manifest.original.rows['users'])
    const secrets = await secretsOf((statement) => postgres.execute(SOURCE, statement), homeserver)
    expect(await leaksIn(out, secrets)).toEqual([])
    const again = await takeSample(
      sampleRequest({ ...loaded, asOf: loaded.asOf ?? 0 }, join(folder, 'again'), { people: 'everybody' }),
    )
    expect(again.findings).toEqual(manifest.findings)
    expect(again.rows).toEqual(manifest.rows)
  })
})
