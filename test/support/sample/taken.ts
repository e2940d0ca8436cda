import { join } from 'node:path'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { loadSample } from '../../../src/rehearsal/sample/load-sample.ts'
import { type SampleRequest, takeSample } from '../../../src/rehearsal/sample/take-sample.ts'
import type { RehearsalSource } from '../../../src/rehearsal/sources/rehearsal-source.ts'
import type { HomeserverConfig } from '../../../src/synapse/homeserver.ts'
import { silentProgress } from '../../../src/targets/progress.ts'
import type { TestPostgres } from '../postgres.ts'

/** A key of tests: no secret. */
export const TEST_KEY = Buffer.from('the key of a test, and of nobody else')

export interface Taken {
  readonly homeserver: HomeserverConfig
  readonly source: PostgresSettings
  readonly asOf: number
}

/** What to ask of a sample, silently. */
export const sampleRequest = (
  taken: Taken,
  out: string,
  more: Partial<Pick<SampleRequest, 'people' | 'key' | 'providers'>> = {},
): SampleRequest => ({
  ...taken,
  out,
  people: 200,
  providers: 'kept',
  key: TEST_KEY,
  progress: silentProgress,
  signal: new AbortController().signal,
  ...more,
})

/** Takes a sample and loads it into a database of this name. */
export const takenAndLoaded = async (
  postgres: TestPostgres,
  database: string,
  request: SampleRequest,
): Promise<{ readonly manifest: Awaited<ReturnType<typeof takeSample>>; readonly loaded: RehearsalSource }> => {
  const manifest = await takeSample(request)
  const loaded = await loadSample(request.out, {
    createDatabase: () => postgres.createDatabase(database, { encoding: 'UTF8' }),
    folder: join(`${request.out}-loaded`),
    signal: request.signal,
  })
  return { manifest, loaded }
}
