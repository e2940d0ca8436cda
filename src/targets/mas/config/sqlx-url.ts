// MAS connects with sqlx, which knows these second names of libpq's parameters.
const LIBPQ_NAMES: Readonly<Record<string, string>> = {
  'ssl-mode': 'sslmode',
  'ssl-root-cert': 'sslrootcert',
  'ssl-ca': 'sslrootcert',
  'ssl-cert': 'sslcert',
  'ssl-key': 'sslkey',
}

const UNDERSTOOD = new Set([
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'host',
  'port',
  'dbname',
  'user',
  'password',
])

const translate = ([name, value]: readonly [string, string]): readonly [string, string] | undefined => {
  if (name === 'hostaddr') return ['host', value]
  if (name === 'options') return ['options', value]
  const setting = /^options\[(.+)\]$/.exec(name)?.[1]
  if (setting !== undefined) return ['options', `-c ${setting}=${value}`]
  const libpq = LIBPQ_NAMES[name] ?? name
  return UNDERSTOOD.has(libpq) ? [libpq, value] : undefined
}

/**
 * A connection URI as MAS's driver reads it, said in libpq's words: the driver's own spellings become libpq's, several
 * `options` become one, a plus sign is a space, and parameters that the driver ignores (or that concern only its
 * statement cache or name) are gone. Everything before the question mark stays as it is.
 * Source: sqlx 0.8, documentation of PgConnectOptions.
 */
export const libpqUrlOfSqlx = (uri: string): string => {
  const start = uri.indexOf('?')
  if (start === -1) return uri
  const translated = [...new URLSearchParams(uri.slice(start + 1))].map(translate).filter((pair) => pair !== undefined)
  const options = translated.filter(([name]) => name === 'options').map(([, value]) => value)
  const others = translated.filter(([name]) => name !== 'options')
  const pairs = options.length > 0 ? [...others, ['options', options.join(' ')] as const] : others
  const query = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  return uri.slice(0, start) + (query === '' ? '' : `?${query}`)
}
