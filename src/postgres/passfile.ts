/** Whom a line of a password file must match. */
export interface PassfileKey {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
}

/** The five fields of a line; colons and backslashes inside a field are escaped by a backslash. */
const splitLine = (line: string): readonly string[] => {
  const fields = ['']
  for (let index = 0; index < line.length; index += 1) {
    const character = line[index] ?? ''
    if (character === '\\' && index + 1 < line.length) {
      index += 1
      fields.push(`${fields.pop()}${line[index]}`)
    } else if (character === ':' && fields.length < 5) {
      fields.push('')
    } else {
      fields.push(`${fields.pop()}${character}`)
    }
  }
  return fields
}

/** libpq looks up a unix socket in the usual folders under the name localhost. */
const hostName = (host: string): string => (host.startsWith('/') ? 'localhost' : host)

/**
 * The password for a connection from the text of a .pgpass file: of the first line that matches, undefined when none does.
 * Source: PostgreSQL documentation, "The Password File" (libpq).
 */
export const lookUpPassword = (text: string, key: PassfileKey): string | undefined => {
  const wanted = [[key.host, hostName(key.host)], [String(key.port)], [key.database], [key.user]]
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue
    const fields = splitLine(line)
    const password = fields[4]
    if (password === undefined) continue
    const matches = wanted.every((values, index) => {
      const field = fields[index] ?? ''
      return field === '*' || values.includes(field)
    })
    if (matches) return password
  }
  return undefined
}
