import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { Section } from '../../../config/yaml/section.ts'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { type PostgresSettings, SSL_MODES, type SslMode } from '../../../postgres/settings.ts'
import { parsePostgresUrl } from '../../../postgres/url.ts'
import { locateNamedFile, oneOfTextOrFile, readNamedFile } from './named-files.ts'
import { libpqUrlOfSqlx } from './sqlx-url.ts'

const SPLIT_KEYS = ['host', 'port', 'socket', 'username', 'password', 'password_file', 'database'] as const
const SOCKET_FOLDERS = ['/var/run/postgresql', '/private/tmp', '/tmp']
const DEFAULT_PORT = 5432
const DEFAULT_CONNECT_TIMEOUT_S = 30
const MAX_TIMEOUT_S = 86_400

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] }

/** Where MAS's driver looks when no host is given: a socket in one of the usual folders, else localhost. */
const defaultHost = (port: number): string =>
  SOCKET_FOLDERS.find((folder) => existsSync(join(folder, `.s.PGSQL.${port}`))) ?? 'localhost'

const readPassword = async (section: Section): Promise<string | undefined> => {
  const { text, file } = oneOfTextOrFile(section, 'password')
  if (text || !file) return text?.value
  const content = await readNamedFile(section, 'password_file', file)
  return content && new TextDecoder().decode(content).trim()
}

const fromParts = async (section: Section, origin: string): Promise<PostgresSettings> => {
  const port = section.integer('port', { min: 1, max: 65_535 })?.value ?? DEFAULT_PORT
  const host = (section.text('socket') ?? section.text('host'))?.value ?? defaultHost(port)
  const user = section.text('username')?.value ?? userInfo().username
  const password = await readPassword(section)
  return {
    host,
    port,
    user,
    database: section.text('database')?.value ?? user,
    ...(password === undefined ? {} : { password }),
    sslMode: 'prefer',
    connectTimeoutMs: DEFAULT_CONNECT_TIMEOUT_S * 1000,
    origin,
  }
}

const fromUri = (section: Section, uri: string, origin: string): PostgresSettings | undefined => {
  try {
    return parsePostgresUrl(libpqUrlOfSqlx(uri), origin, { env: { PGUSER: userInfo().username } })
  } catch (error) {
    if (!(error instanceof Syn2opError)) throw error
    const messages = error.problems.length > 0 ? error.problems.map(({ message }) => message) : [error.message]
    for (const message of messages) section.problem(`\`${section.path}.uri\`: ${message}`, { key: 'uri' })
    return undefined
  }
}

const readSslMode = (section: Section): SslMode | undefined => {
  const given = section.text('ssl_mode')
  const mode = SSL_MODES.find((candidate) => candidate === given?.value)
  if (given && mode === undefined) {
    section.problem(`\`${section.path}.ssl_mode\` must be one of ${SSL_MODES.join(', ')}`, { key: 'ssl_mode' })
  }
  return mode
}

const readTls = (section: Section): Partial<PostgresSettings> => {
  const tls: Partial<Mutable<PostgresSettings>> = {}
  const mode = readSslMode(section)
  if (mode) tls.sslMode = mode
  const ca = oneOfTextOrFile(section, 'ssl_ca')
  const certificate = oneOfTextOrFile(section, 'ssl_certificate')
  const key = oneOfTextOrFile(section, 'ssl_key')
  if (ca.text) tls.sslRootCertPem = ca.text.value
  if (ca.file) tls.sslRootCert = locateNamedFile(ca.file)
  if (certificate.text) tls.sslCertPem = certificate.text.value
  if (certificate.file) tls.sslCert = locateNamedFile(certificate.file)
  if (key.text) tls.sslKeyPem = key.text.value
  if (key.file) tls.sslKey = locateNamedFile(key.file)
  const hasKey = Boolean(key.text ?? key.file)
  if (hasKey !== Boolean(certificate.text ?? certificate.file)) {
    section.problem(
      `\`${section.path}\` has ${hasKey ? '`ssl_key` but no `ssl_certificate`' : '`ssl_certificate` but no `ssl_key`'}`,
      { key: hasKey ? 'ssl_key' : 'ssl_certificate', remedy: 'Give both or neither: MAS refuses one alone.' },
    )
  }
  return tls
}

/** A file of the section takes the place of what the URI says, and text the place of a file. */
const withTls = (settings: PostgresSettings, tls: Partial<PostgresSettings>): PostgresSettings => {
  const { sslRootCert, sslCert, sslKey, ...rest } = settings
  return {
    ...rest,
    ...(sslRootCert === undefined || tls.sslRootCertPem !== undefined ? {} : { sslRootCert }),
    ...(sslCert === undefined || tls.sslCertPem !== undefined ? {} : { sslCert }),
    ...(sslKey === undefined || tls.sslKeyPem !== undefined ? {} : { sslKey }),
    ...tls,
  }
}

/**
 * MAS's `database` section: a `uri`, or host, port, socket, username, password and database one by one; with
 * `ssl_*` and `connect_timeout` (seconds) over either. Defaults are those of MAS and its driver, but for the PG…
 * variables of the environment, which belong to the MAS process and are not read. Undefined when the URI is wrong.
 */
export const readDatabase = async (section: Section): Promise<PostgresSettings | undefined> => {
  const origin = section.at ? `${section.at.file}:${section.at.line}` : "MAS's default"
  const uri = section.text('uri')
  const split = SPLIT_KEYS.filter((key) => section.has(key))
  if (section.has('uri') && split.length > 0) {
    section.problem(`\`${section.path}\` has both \`uri\` and ${split.map((key) => `\`${key}\``).join(', ')}`, {
      key: 'uri',
      remedy: 'Keep one way to say it: MAS refuses both.',
    })
  }
  const settings = uri ? fromUri(section, uri.value, origin) : await fromParts(section, origin)
  const timeout = section.integer('connect_timeout', { min: 0, max: MAX_TIMEOUT_S })
  const tls = readTls(section)
  if (!settings) return undefined
  return withTls({ ...settings, connectTimeoutMs: (timeout?.value ?? DEFAULT_CONNECT_TIMEOUT_S) * 1000 }, tls)
}
