import { readFiles } from '../../../config/yaml/read-files.ts'
import { type Section, sectionOver } from '../../../config/yaml/section.ts'
import { pairsOf, reportUnknownKeys, textsOf, under } from '../../../config/yaml/values.ts'
import { type Problem, Syn2opError } from '../../../errors/syn2op-error.ts'
import type { PostgresSettings } from '../../../postgres/settings.ts'
import type { KeycloakConfig } from './keycloak-config.ts'
import { readAttributes, readClient, readDatabase, readRealmName, readUrl } from './sections.ts'

const KEYS = [
  'url',
  'public_url',
  'realm',
  'client',
  'identity_providers',
  'roles',
  'groups',
  'admins',
  'required_actions',
  'attributes',
  'database',
] as const

export interface LoadKeycloakConfigOptions {
  /** Takes the place of `database`, which is then not looked at. */
  readonly databaseUrl?: PostgresSettings
}

const requireRealm = (root: Section): string | undefined => {
  if (!root.has('realm'))
    root.problem('`realm` is missing', { remedy: 'It is the name of the realm that people move to.' })
  return readRealmName(root)
}

/**
 * Reads the files that say where a Keycloak is and what becomes of people there, each over those before it, and the secret files
 * that they name. Where a key has no meaning it is a mistake: the files are syn2op's own.
 *
 * @throws Syn2opError `config.unreadable` when a file cannot be read; `config.invalid` with every problem at once, with its file
 * and line, without any value that may be a secret
 */
export const loadKeycloakConfig = async (
  files: readonly string[],
  options: LoadKeycloakConfigOptions = {},
): Promise<KeycloakConfig> => {
  const problems: Problem[] = []
  const invalid = (): Syn2opError =>
    new Syn2opError('config.invalid', 'The configuration of the target keycloak is wrong.', {
      problems,
      next: ['Correct what is named above and run the command again; docs/reference/keycloak-yaml.md lists the keys.'],
    })
  if (files.length === 0) {
    throw new Syn2opError('config.invalid', 'No file says where Keycloak is.', {
      next: ['Give one to --target-config; docs/reference/keycloak-yaml.md shows what stands in it.'],
    })
  }
  const value = await readFiles(files, { target: 'keycloak', called: 'keycloak.yaml' }, problems)
  if (problems.length > 0) throw invalid()

  const root = sectionOver(value, '', problems)
  const texts = (key: string, within: typeof value, path = key): readonly string[] =>
    textsOf(under(within, key), path, problems)
  const groupsOf = (found: readonly string[], path: string): readonly string[] => {
    for (const group of found) {
      if (/^(\/[^/]+)+$/.test(group)) continue
      root.problem(`\`${path}\` has ${JSON.stringify(group)}, which is no path of a group`, {
        key: path.split('.')[0] ?? path,
        remedy: 'A path begins with a slash, such as /staff/matrix.',
      })
    }
    return found
  }
  reportUnknownKeys(value, '', KEYS, problems)
  reportUnknownKeys(under(value, 'client'), 'client', ['id', 'secret', 'secret_file', 'realm'], problems)
  reportUnknownKeys(under(value, 'admins'), 'admins', ['roles', 'groups'], problems)
  reportUnknownKeys(under(value, 'attributes'), 'attributes', ['emails', 'phones'], problems)

  const url = readUrl(root, 'url')
  const publicUrl = readUrl(root, 'public_url')
  const realm = requireRealm(root)
  const client = await readClient(root.section('client'), realm ?? '')
  const pairs = pairsOf(under(value, 'identity_providers'), 'identity_providers', problems)
  const admins = under(value, 'admins')
  root.section('admins')
  const attributes = readAttributes(root.section('attributes'))
  const rules = {
    roles: texts('roles', value),
    groups: groupsOf(texts('groups', value), 'groups'),
    admins: {
      roles: texts('roles', admins, 'admins.roles'),
      groups: groupsOf(texts('groups', admins, 'admins.groups'), 'admins.groups'),
    },
    requiredActions: texts('required_actions', value),
  }
  const database = options.databaseUrl ?? (await readDatabase(value, problems))
  if (problems.length > 0 || !url || !realm || !client) throw invalid()
  return {
    files,
    url,
    ...(publicUrl === undefined ? {} : { publicUrl }),
    realm,
    client,
    providers: pairs.map(([authProvider, alias]) => ({ id: alias, authProvider })),
    ...rules,
    attributes,
    ...(database === undefined ? {} : { database }),
  }
}
