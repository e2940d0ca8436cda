import type { PostgresSettings } from '../../../postgres/settings.ts'
import { PEPPER_SETTING } from '../../../targets/keycloak/provider/provider-jar.ts'

/** What stands in a keycloak.conf, by name. */
export type Configuration = Readonly<Record<string, string>>

/** A line of keycloak.conf: a backslash and an expression's `${` would not arrive as they stand. */
const line = ([name, value]: readonly [string, string]): string =>
  `${name}=${value.replaceAll('\\', '\\\\').replaceAll('$', '\\\\$')}\n`

/** The text of a keycloak.conf. */
export const configurationText = (configuration: Configuration): string =>
  Object.entries(configuration).map(line).join('')

/** Of our provider for the passwords of Synapse. */
export const pepperConfiguration = (pepper: string | undefined): Configuration =>
  pepper === undefined ? {} : { [PEPPER_SETTING]: pepper }

/**
 * A database on PostgreSQL, as Keycloak reaches it; undefined where its driver cannot: by a socket, or with certificates that are in no
 * file. Source: the manual of pgJDBC, "Connection Parameters".
 */
export const databaseConfiguration = (settings: PostgresSettings): Configuration | undefined => {
  const { host, hostAddress, port, database, user, password = '', sslMode } = settings
  if (host.startsWith('/') || hostAddress !== undefined) return undefined
  if ([settings.sslRootCertPem, settings.sslCertPem, settings.sslKeyPem].some((pem) => pem !== undefined))
    return undefined
  const name = host.includes(':') ? `[${host}]` : host
  const parameters = new URLSearchParams({
    sslmode: sslMode,
    ...(settings.sslRootCert === undefined
      ? {}
      : settings.sslRootCert === 'system'
        ? { sslfactory: 'org.postgresql.ssl.DefaultJavaSSLFactory' }
        : { sslrootcert: settings.sslRootCert }),
    ...(settings.sslCert === undefined ? {} : { sslcert: settings.sslCert }),
    ...(settings.sslKey === undefined ? {} : { sslkey: settings.sslKey }),
  })
  return {
    'db': 'postgres',
    'db-url': `jdbc:postgresql://${name}:${port}/${encodeURIComponent(database)}?${parameters}`,
    'db-username': user,
    'db-password': password,
  }
}
