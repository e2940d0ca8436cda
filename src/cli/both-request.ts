import type { Settings } from '../config/settings.ts'
import type { LinkRequest } from '../link/link.ts'
import type { BothRequest } from '../migration/both/request.ts'
import type { MigrationRequest } from '../migration/request.ts'
import { linkEnds } from './link-ends.ts'
import { mappingOf } from './migration-request.ts'
import { runsFolder } from './runs-folder.ts'
import { type NamedTarget, targetNamed } from './targets.ts'

export interface BothContext {
  readonly settings: Settings
  /** The request of one of the two. */
  readonly requestOf: (settings: Settings, target: NamedTarget) => Promise<MigrationRequest>
  /** The provider of MAS that somebody named. */
  readonly authProvider?: string
}

/** Keycloak and MAS, each for its part. */
export type Halves = Pick<BothRequest, 'logins' | 'accounts'>

/**
 * The requests of Keycloak and of MAS, each for its part. Nothing is connected yet.
 * @throws Syn2opError mapping.invalid where the mappings would bring other people to one than to the other; those of each request.
 */
export const halvesOf = async ({ settings, requestOf }: Omit<BothContext, 'authProvider'>): Promise<Halves> => {
  const { 'target.database': _, ...rest } = settings
  const [keycloak, mas] = [targetNamed(settings, 'keycloak'), targetNamed(settings, 'mas')]
  const { requireAgreement } = await import('../mapping/require-agreement.ts')
  const { toAccounts, toLogins } = await import('../migration/both/halves.ts')
  const { loadKeycloakConfig } = await import('../targets/keycloak/config/load-keycloak-config.ts')
  requireAgreement(await mappingOf(keycloak), await mappingOf(mas))
  const logins = await requestOf(rest, keycloak)
  const accounts = await requestOf(settings, mas)
  const { providers } = await loadKeycloakConfig(keycloak.config?.value ?? [], {})
  return {
    logins: { ...logins, openTarget: async (signal) => toLogins(await logins.openTarget(signal)) },
    accounts: {
      ...accounts,
      // Whose identity is whose is decided where people log in.
      mapping: { ...accounts.mapping, providers: logins.mapping.providers },
      openTarget: async (signal) => toAccounts(await accounts.openTarget(signal), providers),
    },
  }
}

/**
 * Both halves, and what joins them.
 * @throws Syn2opError those of the halves, and of the ends of the links.
 */
export const bothRequest = async ({ settings, requestOf, authProvider }: BothContext): Promise<BothRequest> => {
  const { 'target.database': masDatabase, ...rest } = settings
  const { link } = await import('../link/link.ts')
  const { lookAtProvider } = await import('../link/look-at-provider.ts')
  const { fileRecorder } = await import('../migration/runs/recorder.ts')
  const { logins, accounts } = await halvesOf({ settings, requestOf })
  const mas = targetNamed(settings, 'mas')
  const { runs = runsFolder(settings), command = [] } = logins
  const linkDatabase = settings['link.database'] ?? masDatabase
  const { place, issuer, subjectOf } = await linkEnds(
    {
      ...rest,
      ...(mas.config === undefined ? {} : { 'link.config': mas.config }),
      ...(linkDatabase === undefined ? {} : { 'link.database': linkDatabase }),
    },
    'mas',
    logins.signal,
  )
  return {
    logins,
    accounts,
    link: async ({ whom, action, cohort, accept = [], tells = [], refused = new Map() }) => {
      const request: LinkRequest = {
        ...logins,
        ...(cohort === undefined ? {} : { cohort }),
        recorder: fileRecorder({ runs, command, warn: (message) => logins.progress.note(message) }),
        accept: [...logins.accept, ...accept],
        place,
        issuer,
        subjectOf,
        usernames: accounts.mapping.conflicts.username,
        whom,
        refused,
        tells,
        ...(authProvider === undefined ? {} : { authProvider }),
        ...(action === 'apply' ? { confirm: async () => true } : {}),
      }
      if (action === 'provider') return lookAtProvider(request)
      const document = await link(request)
      if (document === undefined) throw new TypeError('links that are confirmed have a result')
      return document
    },
  }
}
