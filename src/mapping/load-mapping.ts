import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { placeOf, plainValue, schemaProblems } from '../config/yaml/check-schema.ts'
import { parseLocated } from '../config/yaml/parse-located.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import { readAccept } from './accept-rules.ts'
import { readCohorts } from './cohorts.ts'
import { type ListReader, listsBeside } from './list-file.ts'
import { lostNames } from './lost-names.ts'
import type { Mapping } from './mapping.ts'
import { mappingSchema } from './mapping-schema.ts'
import { namingRules } from './naming-rules.ts'

/** The rules file that comes with syn2op, for a target without one of its own. */
export const starterMapping = (target: string): string =>
  fileURLToPath(new URL(`../../mappings/${target}.yaml`, import.meta.url))

/** Every rule at its default: for a target that brings no rules file. */
export const defaultMapping = (): Mapping => parseMapping('version: 1\n', 'none: every rule at its default')

/**
 * Reads a rules file and the lists that it names.
 * @throws Syn2opError config.unreadable, or mapping.invalid with every problem, its line and column.
 */
export const loadMapping = async (file: string): Promise<Mapping> =>
  parseMapping(await readMapping(file), file, listsBeside(file))

const readMapping = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new Syn2opError('config.unreadable', `The mapping file ${file} cannot be read`, {
      cause,
      next: ['Name a file that exists with `--mapping FILE`, or leave the flag out to use the rules that come along.'],
    })
  }
}

/** @param readList for text that names lists. */
export const parseMapping = (text: string, file: string, readList: ListReader = noLists): Mapping => {
  const { value, problems } = parseLocated(text, file)
  const plain = value === undefined ? {} : plainValue(value)
  const parsed = mappingSchema.safeParse(plain)
  const all =
    parsed.success || problems.length > 0
      ? problems
      : schemaProblems(parsed.error, { schema: mappingSchema, root: value, file })
  const { cohorts, problems: ofCohorts } = readCohorts(
    // Whatever else is wrong, their lists are looked at.
    mappingSchema.shape.cohorts.safeParse(Object(plain).cohorts).data ?? [],
    { root: value, file, readList },
  )
  const { accept, problems: ofAccept } = readAccept(
    mappingSchema.shape.accept.safeParse(Object(plain).accept).data ?? [],
    { root: value, file },
  )
  const beyondSchema = [...lostNames(value), ...ofCohorts, ...ofAccept]
  if (!parsed.success || all.length + beyondSchema.length > 0) {
    throw new Syn2opError('mapping.invalid', `The mapping file ${file} is wrong`, {
      problems: [...all, ...beyondSchema],
      next: ['Correct the lines above and run the command again.'],
    })
  }
  const { accounts, ghosts, registrations, usernames, emails, attributes, providers, conflicts } = parsed.data
  return {
    file,
    sha256: createHash('sha256').update(text).digest('hex'),
    accounts: {
      guests: accounts.guests,
      deactivated: accounts.deactivated,
      locked: accounts.locked,
      withoutLogin: accounts.without_login,
      ...(accounts.bots === 'migrate' ? {} : { bots: accounts.bots }),
    },
    ghosts,
    ...(registrations === 'none' ? {} : { registrations }),
    ...namingRules({ usernames, emails, attributes }),
    providers,
    conflicts,
    cohorts,
    accept,
    placeOf: (path) => placeOf(value, path),
  }
}

const noLists: ListReader = (name) => ({
  names: [],
  problems: [{ message: `the list ${name} cannot be read where the mapping is no file` }],
})
