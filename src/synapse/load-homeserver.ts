import type { LocatedMap } from '../config/yaml/located.ts'
import { sectionOver } from '../config/yaml/section.ts'
import { type Problem, Syn2opError } from '../errors/syn2op-error.ts'
import type { PostgresSettings } from '../postgres/settings.ts'
import { readApplicationServices } from './application-services.ts'
import { readSynapseFiles } from './config-files.ts'
import { conflictsWithMas, registrationEnabled } from './conflicts-with-mas.ts'
import { readDatabase } from './database-section.ts'
import type { HomeserverConfig } from './homeserver.ts'
import { readProviders } from './identity-providers.ts'
import { leftSettings } from './left-settings.ts'
import { readDelegation } from './mas-delegation.ts'
import { readWorkers } from './workers.ts'
import { isEnabled, isPresent, isTruthy, valueAt } from './yaml-truth.ts'

export interface LoadHomeserverOptions {
  /** Used instead of the configured database, which is then not looked at. */
  readonly databaseUrl?: PostgresSettings
  /** The same, for a SQLite file. */
  readonly sqlite?: string
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

const fail = (problems: readonly Problem[]): never => {
  throw new Syn2opError('config.invalid', "Synapse's configuration is wrong", { problems })
}

/**
 * Reads what syn2op needs of Synapse's configuration: the files and folders in the order in which Synapse gets them.
 * Keys that syn2op does not need are not looked at, and defaults are Synapse's.
 *
 * Raises `config.unreadable` or `config.invalid`, with every problem at its file and line, never a value. Files that the
 * configuration names and that are not here are no problem: they are in `unreadable`.
 * Source: Synapse's configuration manual; tried with Synapse 1.163.2.
 */
export const loadHomeserver = async (
  paths: readonly string[],
  { databaseUrl, sqlite }: LoadHomeserverOptions = {},
): Promise<HomeserverConfig> => {
  const { files, root, workers, problems: syntax } = await readSynapseFiles(paths)
  // Of a file that cannot be parsed nothing is known; what it lacks must not be reported as missing.
  if (syntax.length > 0) return fail(syntax)
  const problems: Problem[] = []
  const serverName = readServerName(root, problems)
  const configured = databaseUrl || sqlite ? undefined : readDatabase(root, problems)
  const { delegation, unreadable: ofDelegation, conflicts } = await readDelegation(root)
  const { applicationServices, unreadable } = await readApplicationServices(root, problems)
  const config: HomeserverConfig = {
    files,
    serverName,
    ...(databaseUrl ? { database: databaseUrl } : sqlite ? { sqlite } : configured),
    ...readPasswordSettings(root, problems),
    providers: readProviders(root, problems),
    allowGuestAccess: isTruthy(valueAt(root, 'allow_guest_access')),
    enableRegistration: registrationEnabled(root),
    jwtEnabled: isEnabled(valueAt(root, 'jwt_config'), 'disabled'),
    modules: readModules(root, 'modules', problems),
    passwordProviders: [...readModules(root, 'password_providers', problems), ...readLdap(root)],
    applicationServices,
    unreadable: [...ofDelegation, ...unreadable],
    userConsent: isPresent(valueAt(root, 'user_consent')),
    registrationRequiresToken: isTruthy(valueAt(root, 'registration_requires_token')),
    accountValidityEnabled: isTruthy(valueAt(root, 'account_validity.enabled')),
    approvalRequired: ['enabled', 'require_approval_for_new_accounts'].every((key) =>
      isTruthy(valueAt(root, `experimental_features.msc3866.${key}`)),
    ),
    workers: readWorkers({ root, files: workers, database: configured }, problems),
    ...(delegation === undefined ? {} : { delegation }),
    leftSettings: leftSettings(root),
    conflictsWithMas: [...conflictsWithMas(root), ...conflicts],
  }
  return problems.length > 0 ? fail(problems) : config
}
