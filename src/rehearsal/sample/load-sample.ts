import { createReadStream } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import copyStreams from 'pg-copy-streams'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import { parseCanaries, parseTokens } from '../../migration/proofs/parse-secrets.ts'
import { connect } from '../../postgres/connect.ts'
import type { PostgresSettings } from '../../postgres/settings.ts'
import { compileStatement, run } from '../../postgres/statement.ts'
import { loadHomeserver } from '../../synapse/load-homeserver.ts'
import type { RehearsalSource } from '../sources/rehearsal-source.ts'
import { synapseDatabase } from '../synapse-database.ts'
import { writeSecret } from '../write-secret.ts'
import { cellsOf, copyLine } from './folder/lines.ts'
import { readManifest, type SampleManifest } from './folder/manifest.ts'
import { tableFile } from './folder/write-table.ts'

export interface LoadSampleOptions {
  /** Makes an empty database as Synapse wants it. */
  readonly createDatabase: (name: string) => Promise<PostgresSettings>
  /** For homeserver.yaml, which holds the database's password. */
  readonly folder: string
  readonly signal: AbortSignal
}

/**
 * Loads the people of a sample into a database.
 * @param sample the folder that `syn2op sample` made.
 * @throws Syn2opError config.unreadable, config.invalid, database.*, run.interrupted
 */
export const loadSample = async (
  sample: string,
  { createDatabase, folder, signal }: LoadSampleOptions,
): Promise<RehearsalSource> => {
  const manifest = await readManifest(sample)
  const source = await createDatabase('synapse')
  const client = await connect(source, { applicationName: 'syn2op rehearse', signal })
  try {
    for (const [table, shape] of Object.entries(manifest.tables)) {
      await loadTable(client, sample, { table, shape, compressed: manifest.compressed, signal })
    }
  } finally {
    await client.end()
  }
  const file = await writeConfiguration(sample, join(folder, 'homeserver'), source)
  const { accounts, original } = manifest
  return {
    kind: 'sample',
    what: `${basename(resolve(sample))}/ of ${accounts.toLocaleString('en-US')} ${accounts === 1 ? 'account' : 'accounts'}`,
    homeserver: await loadHomeserver([file]),
    files: [file],
    source,
    asOf: Date.parse(manifest.asOf),
    secrets: {
      canaries: parseCanaries(await textOf(sample, 'canaries.txt'), 'canaries.txt'),
      tokens: parseTokens(await textOf(sample, 'tokens.txt'), 'tokens.txt'),
    },
    original: {
      accounts: original.accounts,
      rows: Object.values(original.rows).reduce((sum, count) => sum + count, 0),
    },
  }
}

interface LoadedTable {
  readonly table: string
  readonly shape: SampleManifest['tables'][string]
  readonly compressed: boolean
  readonly signal: AbortSignal
}

const ids = (names: readonly string[]): RawBuilder<unknown> => sql.join(names.map((name) => sql.id(name)))

/** A type is put into a statement as it is. */
const TYPE = /^[a-z][a-z ]{2,30}$/u

const loadTable = async (client: Client, sample: string, loaded: LoadedTable): Promise<void> => {
  const { table, shape, compressed, signal } = loaded
  const types = new Map(Object.entries(shape.columns))
  const file = join(sample, tableFile(table, compressed))
  const columns = [...types].map(([name, type]) => {
    if (!TYPE.test(type)) throw new Syn2opError('config.invalid', `The sample names no type for ${table}.${name}`)
    return sql`${sql.id(name)} ${sql.raw(type)}`
  })
  await run(client, sql`CREATE TABLE ${sql.id(table)} (${sql.join(columns)})`)
  const into = compileStatement(sql`COPY ${sql.id(table)} (${ids([...types.keys()])}) FROM STDIN`)
  const copied = client.query(copyStreams.from(into))
  try {
    await pipeline(Readable.from(copyLines(file, types, compressed), { highWaterMark: 4 }), copied, { signal })
  } catch (error) {
    // In the midst of a COPY a session does not end by being asked to.
    client.connection.stream.destroy()
    if (signal.aborted) throw new Syn2opError('run.interrupted', 'Loading the sample was interrupted', { cause: error })
    if (error instanceof Syn2opError) throw error
    throw new Syn2opError('config.invalid', `The sample cannot be loaded: ${file} does not fit its table`, {
      cause: error,
      next: ['Take it from where it was made, or make it again: syn2op sample'],
    })
  }
  for (const { columns: indexed, unique } of shape.indexes) {
    await run(client, sql`CREATE ${sql.raw(unique ? 'UNIQUE ' : '')}INDEX ON ${sql.id(table)} (${ids(indexed)})`)
  }
  await run(client, sql`ANALYZE ${sql.id(table)}`)
}

async function* copyLines(
  file: string,
  types: ReadonlyMap<string, string>,
  compressed: boolean,
): AsyncGenerator<string> {
  const raw = createReadStream(file)
  const input = compressed ? raw.pipe(createGunzip()) : raw
  raw.on('error', (error) => input.destroy(error))
  let number = 0
  let chunk = ''
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    if (line === '') continue
    chunk += copyLine(cellsOf(line, types, `${file}:${number}`))
    if (chunk.length < 65_536) continue
    yield chunk
    chunk = ''
  }
  yield chunk
}

const textOf = (sample: string, name: string): Promise<string> =>
  readFile(join(sample, name), 'utf8').catch((cause: unknown) => {
    throw new Syn2opError('config.unreadable', `The sample lacks ${name}`, {
      cause,
      next: ['Take it from where it was made, or make it again: syn2op sample'],
    })
  })

/** homeserver.yaml with the database that there is now, and the registrations of application services beside it. */
const writeConfiguration = async (sample: string, folder: string, source: PostgresSettings): Promise<string> => {
  const { parse, stringify } = await import('yaml')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const settings: Record<string, unknown> = parse(await textOf(sample, 'homeserver.yaml'))
  const named: unknown = settings['app_service_config_files']
  for (const name of Array.isArray(named) ? named : []) {
    if (typeof name !== 'string' || name !== basename(name)) continue
    const text = await readFile(join(sample, name), 'utf8').catch(() => undefined)
    if (text !== undefined) await writeSecret(folder, name, text)
  }
  settings['database'] = synapseDatabase(source)
  return writeSecret(folder, 'homeserver.yaml', stringify(settings))
}
