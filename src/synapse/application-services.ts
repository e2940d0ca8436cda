import type { Located, LocatedMap } from '../config/yaml/located.ts'
import type { Problem } from '../errors/syn2op-error.ts'
import type { ApplicationService, HomeserverConfig } from './homeserver.ts'
import { readNamedFile, type UnreadableFile } from './named-files.ts'
import { parseRegistration } from './registration-file.ts'
import { isPresent, valueAt } from './yaml-truth.ts'

const KEY = 'app_service_config_files'

interface ApplicationServices {
  readonly applicationServices: readonly ApplicationService[]
  /** Often a container's own path: no mistake, but then nobody knows their namespaces. */
  readonly unreadable: readonly UnreadableFile[]
}

/** The registrations that could not be read: nobody knows whose namespaces and bots they name. */
export const unreadRegistrations = ({
  unreadable,
}: Pick<HomeserverConfig, 'unreadable'>): HomeserverConfig['unreadable'] =>
  unreadable.filter(({ key }) => key.startsWith(KEY))

/** The registrations that the configuration names. What is wrong in them is pushed onto `problems`. */
export const readApplicationServices = async (root: LocatedMap, problems: Problem[]): Promise<ApplicationServices> => {
  const applicationServices: ApplicationService[] = []
  const unreadable: UnreadableFile[] = []
  for (const [index, item] of namesIn(valueAt(root, KEY), problems).entries()) {
    const path = `${KEY}[${index}]`
    if (item.kind !== 'scalar' || typeof item.value !== 'string') {
      problems.push({ message: `\`${path}\` must be a text`, at: item.at })
      continue
    }
    const read = await readNamedFile({ value: item.value, at: item.at }, path)
    if ('unreadable' in read) {
      unreadable.push(read.unreadable)
      continue
    }
    const service = parseRegistration(read.text, read.file, problems)
    if (service === undefined) continue
    const earlier = applicationServices.find(({ id }) => id === service.id)
    if (earlier === undefined) applicationServices.push(service)
    else problems.push({ message: `has the same id as ${earlier.file}`, at: { file: service.file } })
  }
  return { applicationServices, unreadable }
}

const namesIn = (value: Located | undefined, problems: Problem[]): readonly Located[] => {
  if (!isPresent(value)) return []
  if (value.kind === 'list') return value.items
  problems.push({ message: `\`${KEY}\` must be a list of files`, at: value.at })
  return []
}
