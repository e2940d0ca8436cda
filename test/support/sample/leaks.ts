import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { FINDINGS } from '../../../src/findings/catalogue.ts'
import { roughSet } from '../../../src/rehearsal/sample/mask/texts-seen.ts'
import { KEPT, OWN_DEVICE_NAMES, OWN_DEVICES } from '../../../src/rehearsal/sample/tables.ts'
import type { ApplicationService, HomeserverConfig } from '../../../src/synapse/homeserver.ts'

/** A text of the source that must not be in a sample. */
export interface Secret {
  readonly what: string
  readonly text: string
}

type Ask = (statement: string) => Promise<readonly Record<string, unknown>[]>

/** From how many characters on a text must not be a part of a file. */
const PART = 8

const SELECTS: Readonly<Record<string, string>> = {
  'Matrix id':
    'SELECT name AS t FROM users UNION SELECT user_id FROM devices UNION SELECT user_id FROM access_tokens UNION SELECT user_id FROM user_threepids',
  'display name': 'SELECT displayname AS t FROM profiles',
  'name of a profile': 'SELECT user_id AS t FROM profiles',
  'e-mail or phone': 'SELECT address AS t FROM user_threepids',
  'subject': 'SELECT external_id AS t FROM user_external_ids',
  'access token': 'SELECT token AS t FROM access_tokens',
  'refresh token': 'SELECT token AS t FROM refresh_tokens',
  'device': 'SELECT device_id AS t FROM devices',
  'name of a device': 'SELECT display_name AS t FROM devices',
  'avatar': 'SELECT avatar_url AS t FROM profiles',
  // Synapse writes a hyphen where it knows none.
  'IP address': "SELECT ip AS t FROM devices WHERE ip <> '-' UNION SELECT ip FROM user_ips WHERE ip <> '-'",
  'client': 'SELECT user_agent AS t FROM devices UNION SELECT user_agent FROM user_ips',
  'hash': 'SELECT password_hash AS t FROM users WHERE length(password_hash) > 6',
}

/** Of an expression the words: whatever stands between its signs. */
const wordsOf = (regex: string): readonly string[] =>
  regex.split(/\\.|[^\p{L}\p{N}]+/u).filter((word) => [...word].length >= SHORTEST_WORD)

/** Shorter ones are ranges such as `a-z`. */
const SHORTEST_WORD = 3

/** What registrations of application services name. */
export const secretsOfRegistrations = (services: readonly ApplicationService[]): readonly Secret[] =>
  services.flatMap(({ id, sender, users }) => [
    { what: 'application service', text: id },
    { what: 'sender of an application service', text: sender },
    ...users.flatMap(({ regex }) => [
      { what: 'namespace', text: regex },
      ...wordsOf(regex).map((text) => ({ what: 'word of a namespace', text })),
    ]),
  ])

/** Whatever people and bridges of a homeserver are called by or let in with, and the server's own name. */
export const secretsOf = async (
  ask: Ask,
  { serverName, applicationServices }: Pick<HomeserverConfig, 'serverName' | 'applicationServices'>,
): Promise<readonly Secret[]> => {
  const found: Secret[] = [{ what: 'server name', text: serverName }, ...secretsOfRegistrations(applicationServices)]
  for (const [what, select] of Object.entries(SELECTS)) {
    for (const { t } of await ask(`SELECT DISTINCT t FROM (${select}) x WHERE t IS NOT NULL AND t <> ''`)) {
      const text = String(t)
      found.push({ what, text })
      if (what !== 'Matrix id') continue
      const rest = text.replace(/^@/u, '')
      const localpart = rest.endsWith(`:${serverName}`) ? rest.slice(0, -serverName.length - 1) : rest.split(':')[0]
      if (localpart) found.push({ what: 'localpart', text: localpart })
      const server = rest.includes(':') ? rest.slice(rest.indexOf(':') + 1) : ''
      if (server && !rest.endsWith(`:${serverName}`)) found.push({ what: 'other server', text: server })
    }
  }
  const own = [...OWN_DEVICES, ...OWN_DEVICE_NAMES]
  return found.filter(({ text }) => !own.includes(text))
}

/** All files of a sample, those in gzip as they are without it. */
export const filesOf = async (folder: string): Promise<ReadonlyMap<string, string>> => {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return new Map(
    await Promise.all(
      files.map(async (file): Promise<readonly [string, string]> => {
        const bytes = await readFile(file)
        return [file, (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()]
      }),
    ),
  )
}

/** In Base64 the middle of a text is one of three, by where it begins; its ends depend on what is beside it. */
const base64 = (text: string): readonly string[] =>
  [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)])
    const whole = bytes.toString('base64').replace(/=+$/u, '')
    const first = Math.ceil((before * 8) / 6)
    const last = Math.floor((bytes.length * 8) / 6)
    return whole.slice(first, last)
  })

const spellings = (text: string): readonly string[] => {
  const inBase64 = base64(text)
  const hex = Buffer.from(text).toString('hex')
  return [
    text,
    JSON.stringify(text).slice(1, -1),
    ...inBase64,
    ...inBase64.map((each) => each.replaceAll('+', '-').replaceAll('/', '_')),
    hex,
    hex.toUpperCase(),
  ]
}

const TOKEN = /syt_([A-Za-z0-9+/=_-]+?)_[A-Za-z0-9]+_[A-Za-z0-9]+/gu

/** What the tokens of a file hold. */
const insideTokens = (text: string): readonly string[] =>
  [...text.matchAll(TOKEN)].map(([, name = '']) => Buffer.from(name, 'base64').toString())

/** All texts of all lines of JSON, and of all values of YAML, one by one. */
const valuesIn = (file: string, text: string): readonly string[] => {
  if (!file.includes('.jsonl')) return text.split(/[\s"',]+/u)
  return text
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => Object.values(JSON.parse(line) as Record<string, unknown>).map(String))
    .flatMap((value) => [value, ...parts(value)])
}

/** Of a Matrix id or address what stands before and after its signs. */
const parts = (value: string): readonly string[] => {
  const [, localpart = '', server = ''] = /^@(.*?):(.*)$/su.exec(value) ?? []
  return [localpart, server].filter((each) => each !== '')
}

/** Words that stand in a cell of every homeserver. */
const CELLS: readonly string[] = Object.values(KEPT).flatMap((columns) =>
  Object.values(columns).flatMap((meaning) =>
    typeof meaning !== 'object' ? [] : 'always' in meaning ? [meaning.always] : meaning.oneOf,
  ),
)

/** Words of the format itself: they are in every sample, whoever the people are. */
const NAMES: readonly string[] = [
  ...Object.keys(FINDINGS),
  ...Object.entries(KEPT).flatMap(([table, columns]) => [table, ...Object.keys(columns)]),
]

/** Flags and numbers stay; longer ones have a `_` in them. */
const NUMBER = /^\d{1,3}$/u

const quoted = (words: readonly string[], after: string): RegExp =>
  new RegExp(`"(?:${words.map((word) => word.replace(/[{}]/gu, String.raw`\$&`)).join('|')})"${after}`, 'gu')
const IN_MANIFEST = quoted([...NAMES, ...CELLS], '')
const AS_KEY = quoted(NAMES, '(?=:)')
const AS_CELL = quoted(CELLS, '(?=[,}])')

/** A file without the words of the format, where they stand as such and whole. */
const withoutFormat = (file: string, text: string): string => {
  if (file.endsWith('manifest.json')) return text.replaceAll(IN_MANIFEST, '""')
  return file.includes('.jsonl') ? text.replaceAll(AS_KEY, '""').replaceAll(AS_CELL, '""') : text
}

/** Of values those that are somebody's, or could be. */
const ownValues = (file: string, text: string): readonly string[] =>
  file.includes('.jsonl')
    ? valuesIn(file, text).filter((value) => !(CELLS.includes(value) || NUMBER.test(value)))
    : // In YAML a hyphen begins an item.
      valuesIn(file, withoutFormat(file, text)).filter((value) => value !== '-' && !NUMBER.test(value))

/** Looks for texts of eight or more characters in one that is large. */
const searcher = (haystack: string): ((needle: string) => boolean) => {
  const known = roughSet(haystack.length)
  for (let start = 0; start + PART <= haystack.length; start++) known.add(haystack.slice(start, start + PART))
  return (needle) => needle.length >= PART && known.has(needle.slice(0, PART)) && haystack.includes(needle)
}

/** Which secrets of the source a sample gives away, each with where. */
export const leaksIn = async (folder: string, secrets: readonly Secret[]): Promise<readonly string[]> =>
  leaksInTexts(await filesOf(folder), secrets)

export const leaksInTexts = (files: ReadonlyMap<string, string>, secrets: readonly Secret[]): readonly string[] => {
  const texts = [...files].filter(([file]) => !file.endsWith('README.md'))
  const insides = texts.flatMap(([, text]) => insideTokens(text))
  const values = new Set([...texts.flatMap(([file, text]) => ownValues(file, text)), ...insides])
  const [isInFiles, isInTokens] = [
    searcher(texts.map(([file, text]) => withoutFormat(file, text)).join('\0')),
    searcher(insides.join('\0')),
  ]
  const found = new Set<string>()
  for (const { what, text } of secrets) {
    if (values.has(text)) found.add(`${what} as a value: ${text}`)
    if ([...text].length < PART) continue
    const spelt = spellings(text).find(isInFiles)
    if (spelt !== undefined) found.add(`${what} within a file: ${text} (${spelt})`)
    if (isInTokens(text)) found.add(`${what} within a token: ${text}`)
  }
  return [...found]
}
