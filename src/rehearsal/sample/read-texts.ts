import { type RawBuilder, sql } from 'kysely'
import { eachRow } from '../../postgres/cursor.ts'
import type { Masker } from './mask/masker.ts'
import { LEARNT, type LearntMeaning } from './mask/masker.ts'
import type { TellTales } from './mask/tell-tales.ts'
import type { TextsSeen } from './mask/texts-seen.ts'
import { keptColumns, type SampledSource, tablesOf } from './source-of-sample.ts'
import { KEPT, type Meaning, OWN_DEVICE_NAMES, OWN_DEVICES } from './tables.ts'

/** What people are called, by any of these, must not be in a sample. */
const CALLED: readonly Meaning[] = [
  'mxid',
  'localpart',
  'subject',
  'address',
  'device',
  'device name',
  'display name',
  'token',
]

interface TextColumn {
  readonly table: string
  readonly column: string
  readonly meaning: Meaning
}

const columnsOf = (source: SampledSource, meanings: readonly Meaning[]): readonly TextColumn[] =>
  tablesOf(source).flatMap((table) =>
    (keptColumns(source, table) ?? []).flatMap((column) => {
      const meaning = KEPT[table]?.[column]
      return meaning !== undefined && meanings.includes(meaning) ? [{ table, column, meaning }] : []
    }),
  )

/** Long tokens are random: none is drawn twice. */
const SHORT_TOKEN = 24

const texts = (
  { catalogue: { schema } }: SampledSource,
  { table, column, meaning }: TextColumn,
  providers: readonly string[],
): RawBuilder<{ readonly text: string }> => {
  const name = sql.id(column)
  return sql`SELECT DISTINCT ${name}::text AS text FROM ${sql.id(schema, table)}
    WHERE ${name} IS NOT NULL AND ${meaning === 'token' ? sql`(length(${name}) < ${sql.lit(SHORT_TOKEN)} OR strpos(${providers.join('\n')}, ${name}) > 0)` : sql`true`}`
}

interface Told {
  readonly seen: Pick<TextsSeen, 'add'>
  readonly tellTales: Pick<TellTales, 'see' | 'seeHost'>
  /** Names of providers: a token that stands in one is told too, however long it is. */
  readonly providers: readonly string[]
}

/** Tells what everybody of the source is called, those too who are not in the sample. */
export const readTexts = async (source: SampledSource, { seen: all, tellTales, providers }: Told): Promise<void> => {
  const { reader, homeserver } = source
  const seen: Pick<TextsSeen, 'add'> = {
    add: (text) => {
      all.add(text)
      tellTales.see(text)
    },
  }
  seen.add(homeserver.serverName)
  tellTales.seeHost(homeserver.serverName, 'own')
  for (const { issuer } of homeserver.providers) if (issuer !== undefined) tellIssuer(issuer, tellTales)
  const fixed = [...OWN_DEVICES, ...OWN_DEVICE_NAMES]
  for (const column of columnsOf(source, CALLED)) {
    for await (const { text } of eachRow(reader, 'texts', texts(source, column, providers))) {
      if (fixed.includes(text)) continue
      seen.add(text)
      if (column.meaning === 'mxid') addParts(text, homeserver.serverName, seen)
      const host = hostIn(text, column.meaning, homeserver.serverName)
      if (host !== undefined) tellTales.seeHost(host, 'another')
    }
  }
}

/** All of it is masked: the host, and the name of a realm in the path. */
const tellIssuer = (issuer: string, tellTales: Pick<TellTales, 'seeHost'>): void => {
  const [host = '', ...path] = issuer.replace(/^[a-z]+:\/\//iu, '').split(/[/?#]/u)
  for (const each of [host, ...path]) tellTales.seeHost(each, 'own')
}

/** Of an address of e-mail, which may be a subject too, and of another server's Matrix id. */
const hostIn = (text: string, meaning: Meaning, serverName: string): string | undefined => {
  if (meaning === 'address' || meaning === 'subject') return /@([^@\s]+)\s*$/u.exec(text)?.[1]
  if (meaning !== 'mxid' || text.endsWith(`:${serverName}`)) return undefined
  const colon = text.indexOf(':')
  return colon === -1 ? undefined : text.slice(colon + 1)
}

const addParts = (mxid: string, serverName: string, seen: Pick<TextsSeen, 'add'>): void => {
  const rest = mxid.replace(/^@/u, '')
  const own = `:${serverName}`
  if (rest.endsWith(own)) {
    seen.add(rest.slice(0, -own.length))
    return
  }
  const colon = rest.indexOf(':')
  seen.add(colon === -1 ? rest : rest.slice(0, colon))
  if (colon !== -1) seen.add(rest.slice(colon + 1))
}

/** Tells the masker every value that must differ from its like, each once: it remembers only exceptions then. */
export const learnTexts = async (source: SampledSource, masker: Masker): Promise<void> => {
  for (const meaning of LEARNT) {
    const columns = columnsOf(source, [meaning])
    if (columns.length === 0) continue
    for await (const { text, medium } of eachRow(source.reader, 'learnt', learnt(source, meaning, columns))) {
      masker.learn(meaning, text, medium ?? undefined)
    }
  }
}

const learnt = (
  { catalogue: { schema } }: SampledSource,
  meaning: LearntMeaning,
  columns: readonly TextColumn[],
): RawBuilder<{ readonly text: string; readonly medium: string | null }> =>
  sql`${sql.join(
    columns.map(
      ({ table, column }) => sql`
        SELECT ${sql.id(column)}::text AS text, ${meaning === 'address' ? sql`medium::text` : sql`NULL::text`} AS medium
        FROM ${sql.id(schema, table)} WHERE ${sql.id(column)} IS NOT NULL`,
    ),
    sql` UNION `,
  )} ORDER BY 1, 2`
