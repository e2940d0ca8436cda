import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Client } from 'pg'
import type { PostgresSettings } from '../../postgres/settings.ts'
import { run } from '../../postgres/statement.ts'
import { catalogueQuery, toSourceCatalogue } from '../../synapse/catalogue.ts'
import { readSynapseFiles } from '../../synapse/config-files.ts'
import type { HomeserverConfig } from '../../synapse/homeserver.ts'
import { buildRelations } from '../../synapse/relations.ts'
import { openSnapshot } from '../../synapse/snapshot.ts'
import { readSourceState, type SourceState } from '../../synapse/state.ts'
import type { ProgressListener } from '../../targets/progress.ts'
import { syn2opVersion } from '../../version.ts'
import { type AlikeBeginning, alikeBeginnings } from './choose/alike-beginnings.ts'
import { chooseAccounts } from './choose/choose.ts'
import { maskedHomeserver } from './configuration/masked-homeserver.ts'
import { maskedNamespace } from './configuration/masked-namespace.ts'
import { maskedRegistrations } from './configuration/masked-registrations.ts'
import { watchNamespaces } from './configuration/watch-namespaces.ts'
import { findingsOf } from './findings-of.ts'
import { MANIFEST, SAMPLE_FORMAT, type SampleManifest } from './folder/manifest.ts'
import { newFolder } from './folder/new-folder.ts'
import { README } from './folder/readme.ts'
import { refuseOthers } from './folder/refuse-others.ts'
import { seedOf } from './folder/sample-key.ts'
import { readSchema } from './folder/schema.ts'
import { writeTable } from './folder/write-table.ts'
import type { Masker, Row } from './mask/masker.ts'
import type { ProviderNames } from './mask/providers.ts'
import { prepareMasker } from './prepare-masker.ts'
import { sampleProofs } from './proofs.ts'
import { rowsOf } from './read-rows.ts'
import { learnTexts } from './read-texts.ts'
import type { SampledSource } from './source-of-sample.ts'

export interface SampleRequest {
  readonly homeserver: HomeserverConfig
  /** The homeserver's database: SELECT is enough, and a replica will do. */
  readonly source: PostgresSettings
  /** The folder to write; a sample that is there is replaced. */
  readonly out: string
  /** A secret, of `sampleKey`. */
  readonly key: Buffer
  /** About how many accounts; those that every kind needs come on top. `everybody`: all, in memory that does not grow with them. */
  readonly people: number | 'everybody'
  /** Names of SSO providers. kept: but for those that would tell what somebody is called. */
  readonly providers: 'kept' | 'masked'
  /** Milliseconds since 1970. */
  readonly asOf: number
  readonly progress: ProgressListener
  readonly signal: AbortSignal
}

/**
 * Takes a masked copy of a homeserver's people, of one moment, to a folder that may be shown. Nothing is changed at the source.
 * @returns what the manifest of the sample says.
 * @throws Syn2opError usage, config.*, database.*, run.interrupted
 */
export const takeSample = async (request: SampleRequest): Promise<SampleManifest> => {
  const { source, out, signal, progress } = request
  await refuseOthers(out)
  const { readers, close } = await openSnapshot(source, { count: 1, applicationName: 'syn2op sample', signal })
  // What is under way ends with its connection.
  const stop = (): void => {
    for (const reader of readers) reader.connection.stream.destroy(new Error('aborted'))
  }
  signal.addEventListener('abort', stop, { once: true })
  try {
    const [reader] = readers
    if (reader === undefined) throw new TypeError('a snapshot needs at least one reader')
    progress.phase('look at the homeserver')
    const opened = await openSource(reader, request)
    const folder = await newFolder(out)
    try {
      const manifest = await fill(folder.path, opened, request)
      await folder.finish()
      return manifest
    } catch (error) {
      await folder.discard()
      throw error
    }
  } finally {
    signal.removeEventListener('abort', stop)
    await close()
  }
}

/** Tables with what people are called by. */
const NAMED = ['users', 'profiles', 'devices', 'user_threepids', 'user_external_ids'] as const

interface OpenedSource {
  readonly source: SampledSource
  readonly state: SourceState
}

const openSource = async (reader: Client, { homeserver, asOf, key }: SampleRequest): Promise<OpenedSource> => {
  const catalogue = toSourceCatalogue(await run(reader, catalogueQuery))
  const state = await readSourceState(reader, catalogue)
  const unreadable = [...state.unreadable, ...state.filtered]
  const relations = buildRelations(catalogue)
  return { source: { reader, catalogue, relations, homeserver, unreadable, asOf, seed: seedOf(key) }, state }
}

const fill = async (
  folder: string,
  { source, state }: OpenedSource,
  request: SampleRequest,
): Promise<SampleManifest> => {
  const { people, key, progress, signal } = request
  const tables = await readSchema(source)
  const original = await countRows(source, Object.keys(tables))
  const findings = await findingsOf(source)
  const alike = await alikeBeginnings(source)
  const chosen = people === 'everybody' ? people : [...(await chooseAccounts(source, people, alike))]
  progress.phase('read the names')
  const named = NAMED.map((table) => original[table] ?? 0)
  const { masker, hashes, password, pepper, providers, gaveUp } = await prepareMasker(source, {
    key,
    texts: named.reduce((sum, count) => sum + count, 0) * 2,
    remembers: people === 'everybody' ? Math.max(...named) : 'all',
    beginnings: alike.map(({ beginning }: AlikeBeginning) => beginning),
    providers: request.providers,
  })
  if (request.providers === 'kept') for (const note of namesMasked(providers, masker)) progress.note(note)
  if (people === 'everybody') await learnTexts(source, masker)
  const { applicationServices, serverName } = source.homeserver
  const proofs = sampleProofs(hashes.fits, masker.servers.of(serverName))
  const namespaces = watchNamespaces(applicationServices, (regex) => maskedNamespace(regex, masker, serverName))
  const compressed = people === 'everybody'
  await mkdir(join(folder, 'tables'))
  progress.phase('write the sample')
  const rows: Record<string, number> = {}
  for (const [index, [table, { columns }]] of Object.entries(tables).entries()) {
    const masked = maskedRows(rowsOf(source, table, chosen), (row) => {
      const other = masker.row(table, row)
      proofs.see(table, row, other)
      if (table === 'users') namespaces.see(row['name'] ?? '', other['name'] ?? '')
      return other
    })
    const order = people === 'everybody' ? 'as it comes' : 'sorted'
    const types = new Map(Object.entries(columns))
    rows[table] = await writeTable({ folder, table, types, rows: masked, order, compressed, signal })
    progress.advance('write the sample', index + 1, Object.keys(tables).length)
  }
  for (const note of [...notMasked(gaveUp), ...namespaces.notes(findings)]) progress.note(note)
  const manifest: SampleManifest = {
    format: SAMPLE_FORMAT,
    syn2op: syn2opVersion(),
    ...(state.schemaVersion === undefined ? {} : { synapseSchema: state.schemaVersion }),
    asOf: new Date(source.asOf - masker.times.earlierMs).toISOString(),
    people: people === 'everybody' ? people : 'some',
    compressed,
    accounts: rows['users'] ?? 0,
    rows,
    original: { accounts: original['users'] ?? 0, rows: original },
    findings: [...findings],
    left: source.unreadable.filter((table) => Object.hasOwn(tables, table)),
    tables,
  }
  await writeFiles(folder, await filesOf(source, { masker, password, pepper }, proofs, manifest))
  return manifest
}

/** Rules and configurations that name them must name others for the sample. */
const namesMasked = ({ masked }: ProviderNames, { providers }: Pick<Masker, 'providers'>): readonly string[] =>
  masked
    .map((name) => ({ name, other: providers.of(name) }))
    .filter(({ name, other }) => other !== name)
    .map(
      ({ name, other }) =>
        `The provider ${name} is called ${other} in the sample: by its name, or one that is nearly the same, somebody or the server could be known`,
    )

const notMasked = (kinds: ReadonlySet<string>): readonly string[] =>
  kinds.size === 0
    ? []
    : [
        `Look into the sample before you show it: for some texts of these kinds none was found that nobody else has: ${[...kinds].join(', ')}`,
      ]

async function* maskedRows(rows: AsyncIterable<Row>, mask: (row: Row) => Row): AsyncGenerator<Row> {
  for await (const row of rows) yield mask(row)
}

const countRows = async (source: SampledSource, tables: readonly string[]): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const table of tables) {
    const [row] = await run<{ rows: number }>(
      source.reader,
      sql`SELECT count(*)::double precision AS rows FROM ${sql.id(source.catalogue.schema, table)}`,
    )
    counts[table] = row?.rows ?? 0
  }
  return counts
}

type Files = Readonly<Record<string, string>>

const filesOf = async (
  { homeserver }: SampledSource,
  {
    masker,
    password,
    pepper,
  }: { readonly masker: Masker; readonly password: string; readonly pepper: string | undefined },
  proofs: ReturnType<typeof sampleProofs>,
  manifest: SampleManifest,
): Promise<Files> => {
  const { stringify } = await import('yaml')
  const { root } = await readSynapseFiles(homeserver.files)
  const registrations = await maskedRegistrations(homeserver, masker)
  const unread = homeserver.unreadable.filter(({ key }) => key.startsWith('app_service_config_files'))
  const names = [
    ...registrations.map(({ name }) => name),
    ...unread.map((_, index) => `appservice-not-there-${index + 1}.yaml`),
  ]
  const { canaries, tokens } = proofs.files(password)
  return {
    'README.md': README,
    [MANIFEST]: `${JSON.stringify(manifest, null, 2)}\n`,
    'homeserver.yaml': stringify(maskedHomeserver({ homeserver, root, masker, pepper, registrations: names })),
    'canaries.txt': canaries,
    'tokens.txt': tokens,
    ...Object.fromEntries(registrations.map(({ name, text }) => [name, text])),
  }
}

const writeFiles = async (folder: string, files: Files): Promise<void> => {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text, { mode: 0o600 })
}
