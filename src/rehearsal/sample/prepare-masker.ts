import { sql } from 'kysely'
import { run } from '../../postgres/statement.ts'
import { fittingNames } from './configuration/fitting.ts'
import { maskedNamespace } from './configuration/masked-namespace.ts'
import { chunksOf } from './configuration/namespace-pieces.ts'
import { type DrawsOf, drawsByKey } from './mask/draws.ts'
import { bcryptKind, type Hashes, maskedHashes } from './mask/hashes.ts'
import { type Masker, masker } from './mask/masker.ts'
import type { ProviderNames } from './mask/providers.ts'
import { tellTales } from './mask/tell-tales.ts'
import { type TextsSeen, textsSeen } from './mask/texts-seen.ts'
import { readProviderNames } from './read-provider-names.ts'
import { readTexts } from './read-texts.ts'
import type { SampledSource } from './source-of-sample.ts'

export interface PreparedMasker {
  readonly masker: Masker
  readonly hashes: Hashes
  readonly password: string
  /** Names of providers that are kept or masked. */
  readonly providers: ProviderNames
  /** Absent where the homeserver has none. */
  readonly pepper: string | undefined
  /** Kinds of texts of which one could not be given another that nobody has: it grows while they are masked. */
  readonly gaveUp: ReadonlySet<string>
}

export interface PrepareOptions {
  readonly key: Buffer
  /** About how many texts people are called by. */
  readonly texts: number
  readonly remembers: 'all' | number
  /** Beginnings of names by which accounts look like a bridge's. */
  readonly beginnings: readonly string[]
  /** Of providers. kept: but for those that would tell what somebody is called. */
  readonly providers: 'kept' | 'masked'
}

const word = (draws: DrawsOf, purpose: string): string => {
  const each = draws(purpose, '')
  return Array.from({ length: 12 }, () => 'bcdfghjkmnpqrstvwxz'[each.next(19)]).join('')
}

/** Reads what everybody is called, and makes what puts other names in their places. */
export const prepareMasker = async (source: SampledSource, options: PrepareOptions): Promise<PreparedMasker> => {
  const { homeserver } = source
  const { serverName, applicationServices } = homeserver
  const draws = drawsByKey(options.key)
  const seen = textsSeen(options.texts)
  const providers = await providerNames(source, options, seen)
  const password = `made-up ${word(draws, 'password')}`
  const pepper = homeserver.pepper === undefined ? undefined : `made-up pepper ${word(draws, 'pepper')}`
  const hashes = await maskedHashes(await kindsOf(source), { draws, password, pepper: pepper ?? '' })
  const regexes = applicationServices.flatMap(({ users }) => users.map(({ regex }) => regex))
  const gaveUp = new Set<string>()
  const made: Masker = masker({
    draws,
    seen,
    serverName,
    providers,
    hashes,
    chunks: chunksOf(regexes, options.beginnings),
    fits: fittingNames(applicationServices, {
      serverName,
      masked: (regex) => maskedNamespace(regex, made, serverName),
      maskedServer: () => made.servers.of(serverName),
    }),
    remembers: options.remembers,
    gaveUp: (kind) => gaveUp.add(kind),
  })
  return { masker: made, hashes, password, pepper, providers, gaveUp }
}

/** Reads all texts: only then it is known which names of providers may stay. */
const providerNames = async (
  source: SampledSource,
  { providers }: Pick<PrepareOptions, 'providers'>,
  seen: TextsSeen,
): Promise<ProviderNames> => {
  const names = await readProviderNames(source)
  const watched = tellTales(names)
  await readTexts(source, { seen, tellTales: watched, providers: names })
  const masked = providers === 'masked' ? names : watched.found()
  return { kept: names.filter((name) => !masked.includes(name)), masked }
}

const kindsOf = async ({ reader, relations }: SampledSource): Promise<readonly string[]> => {
  const rows = await run<{ hash: string }>(
    reader,
    sql`SELECT min(password_hash COLLATE "C") AS hash FROM ${relations.users} u
      WHERE octet_length(password_hash) = 60 GROUP BY left(password_hash, 7) ORDER BY 1`,
  )
  return rows.flatMap(({ hash }) => bcryptKind(hash) ?? [])
}
