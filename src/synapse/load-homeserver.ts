import type { LocatedMap } from '../config/yaml/located.ts'
import { sectionOver } from '../config/yaml/section.ts'
import { type Problem, Syn2opError } from '../errors/syn2op-error.ts'
import type { PostgresSettings } from '../postgres/settings.ts'
import { readSynapseFiles } from './config-files.ts'
import { conflictsWithMas, registrationEnabled } from './conflicts-with-mas.ts'
import { readDatabase, type SynapseDatabase } from './database-section.ts'
import type { HomeserverConfig } from './homeserver.ts'
import { readProviders } from './identity-providers.ts'
import { isEnabled, isPresent, isTruthy, valueAt } from './yaml-truth.ts'

export interface LoadHomeserverOptions {
  /** Used instead of the configured database, which is then not looked at. */
  readonly databaseUrl?: PostgresSettings
}

/** On unless said otherwise; off by default where MAS already has the logins. */
const readPasswordsEnabled = (root: LocatedMap): HomeserverConfig['passwordsEnabled'] => {
  const section = valueAt(root, 'password_config')
  const enabled = section?.kind === 'map' ? section.entries.get('enabled') : undefined
  if (enabled === undefined) return !isEnabled(valueAt(root, 'matrix_authentication_service'), 'disabled')
  if (enabled.kind === 'scalar' && enabled.value === 'only_for_reauth') return 'only_for_reauth'
  return isTruthy(enabled)
}

const readModules = (root: LocatedMap, key: string, problems: Problem[]): readonly string[] =>
  (sectionOver(root, '', problems).sections(key) ?? []).flatMap((section) => {
    const name = section.text('module')
    if (name === undefined) section.problem(`\`${section.path}.module\` is missing`)
    return name === undefined ? [] : [name.value]
  })

const readServerName = (root: LocatedMap, problems: Problem[]): string => {
  const given = root.entries.get('server_name')
  const found = sectionOver(root, '', problems).text('server_name')
  if (!isPresent(given) || found?.value === '') {
    problems.push({ message: '`server_name` is missing', at: given?.at ?? { file: root.at.file } })
  } else if (found && !/^[^\s/@]+$/.test(found.value)) {
    problems.push({ message: '`server_name` must be a host name, with a port if need be', at: found.at })
  }
  return found?.value ?? ''
}

const readPasswordSettings = (root: LocatedMap, problems: Problem[]) => {
  const section = sectionOver(root, '', problems).section('password_config')
  const pepper = section.text('pepper')?.value
  const localdb = valueAt(root, 'password_config.localdb_enabled')
  return {
    // An empty pepper is none.
    ...(pepper ? { pepper } : {}),
    passwordsEnabled: readPasswordsEnabled(root),
    passwordLocalDatabase: localdb === undefined || isTruthy(localdb),
  }
}

const readLdap = (root: LocatedMap): readonly string[] =>
  isEnabled(valueAt(root, 'ldap_config'), 'disabled') ? ['ldap_auth_provider.LdapAuthProvider'] : []

const fail = (problems: readonly Problem[], unsupported: Problem | undefined): never => {
  const all = unsupported ? [...problems, unsupported] : problems
  if (problems.length > 0)
    throw new Syn2opError('config.invalid', "Synapse's configuration is wrong", { problems: all })
  throw new Syn2opError('config.unsupported', "Synapse's configuration asks for something syn2op does not do", {
    problems: all,
    ...(unsupported?.remedy === undefined ? {} : { next: [unsupported.remedy] }),
  })
}

/**
 * Reads what syn2op needs of Synapse's configuration: the files and folders in the order in which Synapse gets them.
 * Keys that syn2op does not need are not looked at, and defaults are Synapse's.
 *
 * Raises `config.unreadable`, `config.invalid` or `config.unsupported` (several databases), with every problem at its
 * file and line, never a value.
 * Source: Synapse's configuration manual; tried with Synapse 1.163.2.
 */
export const loadHomeserver = async (
  paths: readonly string[],
  { databaseUrl }: LoadHomeserverOptions = {},
): Promise<HomeserverConfig> => {
  const { files, root, problems: syntax } = await readSynapseFiles(paths)
  // Of a file that cannot be parsed nothing is known; what it lacks must not be reported as missing.
  if (syntax.length > 0) return fail(syntax, undefined)
  const problems: Problem[] = []
  const serverName = readServerName(root, problems)
  const found: SynapseDatabase = databaseUrl ? { database: databaseUrl } : readDatabase(root, problems)
  const { unsupported, ...database } = found
  const config: HomeserverConfig = {
    files,
    serverName,
    ...database,
    ...readPasswordSettings(root, problems),
    providers: readProviders(root, problems),
    allowGuestAccess: isTruthy(valueAt(root, 'allow_guest_access')),
    enableRegistration: registrationEnabled(root),
    jwtEnabled: isEnabled(valueAt(root, 'jwt_config'), 'disabled'),
    modules: readModules(root, 'modules', problems),
    passwordProviders: [...readModules(root, 'password_providers', problems), ...readLdap(root)],
    conflictsWithMas: conflictsWithMas(root),
  }
  if (problems.length > 0 || unsupported) return fail(problems, unsupported)
  return config
}
