/**
 * The parameters of one service in the text of a pg_service.conf, undefined when it has no such service.
 * Source: PostgreSQL documentation, "The Connection Service File" (libpq).
 */
export const lookUpService = (text: string, service: string): ReadonlyMap<string, string> | undefined => {
  let found: Map<string, string> | undefined
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const section = /^\[(.*)\]$/.exec(line)
    if (section) {
      if (found) return found
      if (section[1] === service) found = new Map()
    } else if (found) {
      const equals = line.indexOf('=')
      if (equals > 0) found.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim())
      else found.set(line, '')
    }
  }
  return found
}
