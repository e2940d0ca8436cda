import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { writeDemoConfigs } from '../../../src/rehearsal/demo/configs.ts'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import { loadSample } from '../../../src/rehearsal/sample/load-sample.ts'
import { type SampleRequest, takeSample } from '../../../src/rehearsal/sample/take-sample.ts'
import { loadHomeserver } from '../../../src/synapse/load-homeserver.ts'
import { silentProgress } from '../../../src/targets/progress.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { testPostgres } from '../../support/postgres.ts'
import { leaksIn, secretsOf } from '../../support/sample/leaks.ts'

const KEY = Buffer.from('the key of a test, and of nobody else')
const { signal } = new AbortController()

describe('a sample of the demo with every kind of damage', () => {
  const postgres = testPostgres()
  let folder: string
  let source: PostgresSettings
  let request: Omit<SampleRequest, 'out' | 'people'>

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syn2op-sample-test-'))
    source = await createDemoHomeserver(postgres, 'sample_demo', { accounts: 3000 })
    const { homeserver } = await writeDemoConfigs(join(folder, 'source'), { synapse: source, mas: source })
    request = {
      homeserver: await loadHomeserver([homeserver]),
      source,
      key: KEY,
      asOf: DEMO.now,
      progress: silentProgress,
      signal,
    }
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('gives nobody away', async () => {
    const out = join(folder, 'some')
    console.time('take')
    const manifest = await takeSample({ ...request, out, people: 200 })
    console.timeEnd('take')
    console.log(manifest.accounts, manifest.rows, manifest.findings)
    const secrets = await secretsOf((statement) => postgres.execute('sample_demo', statement), DEMO.serverName)
    expect(await leaksIn(out, secrets)).toEqual([])
    console.time('load')
    const loaded = await loadSample(out, {
      createDatabase: (name) => postgres.createDatabase(`sample_demo_${name}`, { encoding: 'UTF8' }),
      folder: join(folder, 'loaded'),
      signal,
    })
    console.timeEnd('load');console.time('again')
    const again = await takeSample({
      ...request,
      homeserver: loaded.homeserver,
      source: loaded.source,
      asOf: loaded.asOf ?? 0,
      out: join(folder, 'again'),
      people: 'everybody',
    })
    expect(again.findings).toEqual(manifest.findings)
  })
})
