/**
 * What a step wrote to GITHUB_OUTPUT or GITHUB_ENV: `NAME=value`, or `NAME<<END`, lines and END.
 * @throws where GitHub would end the step with an error
 */
export const parseCommandFile = (text: string): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  const lines = text.split('\n')
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    if (line === '') continue
    const equals = line.indexOf('=')
    const here = line.indexOf('<<')
    if (here > 0 && (equals < 0 || here < equals)) {
      const end = lines.indexOf(line.slice(here + 2))
      if (end < 0) throw new Error(`The lines of ${line} have no end`)
      found.set(
        line.slice(0, here),
        lines
          .splice(0, end + 1)
          .slice(0, -1)
          .join('\n'),
      )
    } else {
      if (equals < 1) throw new Error(`Invalid format '${line}'`)
      found.set(line.slice(0, equals), line.slice(equals + 1))
    }
  }
  return found
}
