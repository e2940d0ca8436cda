import { readFileSync, statSync } from 'node:fs'
import type { Problem } from '../errors/syn2op-error.ts'
import { type GivenParameter, type GivenParameters, problemAt } from './given-parameter.ts'
import { lookUpPassword, type PassfileKey } from './passfile.ts'
import { lookUpService } from './service-file.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The parameters with those of the service they name; what is given directly wins, as in libpq. */
export const withService = (given: GivenParameters, env: Environment, problems: Problem[]): GivenParameters => {
  const service = given.get('service') ?? (env['PGSERVICE'] ? { value: env['PGSERVICE'] } : undefined)
  if (service === undefined) return given
  const file = given.get('servicefile')?.value ?? env['PGSERVICEFILE']
  if (file === undefined) {
    problems.push(problemAt(service, 'service names no file', 'Add servicefile with the path of the pg_service.conf'))
    return given
  }
  try {
    const found = lookUpService(readFileSync(file, 'utf8'), service.value)
    if (found) {
      const all = new Map<string, GivenParameter>()
      for (const [name, value] of found) all.set(name, { value, at: { file } })
      for (const [name, parameter] of given) all.set(name, parameter)
      return all
    }
    problems.push(problemAt(service, `${file} has no service ${service.value}`))
  } catch {
    problems.push(problemAt(service, `The service file ${file} cannot be read`))
  }
  return given
}

/** The password that the given password file holds for the connection, if it holds one. */
export const passwordFrom = (passfile: GivenParameter, key: PassfileKey, problems: Problem[]): string | undefined => {
  try {
    // libpq refuses a password file that others may read, too.
    if (process.platform !== 'win32' && (statSync(passfile.value).mode & 0o077) !== 0) {
      const remedy = `chmod 0600 ${passfile.value}`
      problems.push(problemAt(passfile, `Others may read the password file ${passfile.value}`, remedy))
      return undefined
    }
    return lookUpPassword(readFileSync(passfile.value, 'utf8'), key)
  } catch {
    problems.push(problemAt(passfile, `The password file ${passfile.value} cannot be read`))
    return undefined
  }
}
