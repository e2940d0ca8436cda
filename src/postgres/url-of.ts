import type { PostgresSettings } from './settings.ts'

/**
 * A database as a URL that `parsePostgresUrl` reads, with its password: only for files that nobody else may read.
 * TLS files are not in it.
 */
export const postgresUrl = ({ host, port, user, password, database, sslMode }: PostgresSettings): string => {
  const parameters = { host, port: String(port), user, password, dbname: database, sslmode: sslMode }
  const pairs = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  )
  return `postgresql://?${pairs.join('&')}`
}
