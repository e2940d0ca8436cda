import type { Finding } from '../../../report/finding.ts'
import { finding } from '../../../report/findings/catalogue.ts'
import type { HomeserverConfig } from '../../../synapse/homeserver.ts'
import type { MasConfig } from '../config/mas-config.ts'

/** Settings that are switched off by `false`; every other one is removed. */
const SWITCHES = /(^|\.)(enabled|enable_[a-z0-9_]+)$/

/** Which line of homeserver.yaml to write, or to remove, for a setting that excludes MAS. */
export const lineFor = (path: string): string => {
  if (path === 'disable_registration') return 'disable_registration: true'
  if (!SWITCHES.test(path)) return `remove ${path} (or put # before each of its lines)`
  const [section, key] = path.split('.')
  return key === undefined ? `${path}: false` : `${key}: false (under ${section}:, whose other lines stay)`
}

const serverName = (config: Pick<MasConfig, 'homeserver'>, homeserver: HomeserverConfig): readonly Finding[] => {
  if (config.homeserver === homeserver.serverName) return []
  return [
    finding('MAS_SERVER_NAME', {
      message: `MAS serves ${config.homeserver}, Synapse is ${homeserver.serverName}.`,
      samples: [config.homeserver, homeserver.serverName],
      remedy: [
        `Set \`matrix.homeserver: ${homeserver.serverName}\` in MAS's configuration.`,
        'If that is another homeserver, give the configuration of the right one.',
      ],
    }),
  ]
}

const guests = ({ allowGuestAccess }: HomeserverConfig): readonly Finding[] =>
  allowGuestAccess
    ? [
        finding('GUESTS_ALLOWED', {
          message: 'Synapse lets guests in (`allow_guest_access: true`). MAS has no guests: their sessions end.',
          remedy: ['allow_guest_access: false', 'Or accept it with --accept GUESTS_ALLOWED.'],
        }),
      ]
    : []

const conflicts = ({ conflictsWithMas }: HomeserverConfig): readonly Finding[] =>
  conflictsWithMas.length === 0
    ? []
    : [
        finding('SYNAPSE_CONFLICTS_WITH_MAS', {
          message: `With MAS switched on, Synapse will not start until these settings are changed: ${conflictsWithMas.join(', ')}.`,
          count: conflictsWithMas.length,
          samples: conflictsWithMas,
          remedy: ['In homeserver.yaml, once Synapse is stopped for the migration:', ...conflictsWithMas.map(lineFor)],
        }),
      ]

/** What of homeserver.yaml does not go together with this MAS. */
export const checkSynapseSettings = (
  config: Pick<MasConfig, 'homeserver'>,
  homeserver: HomeserverConfig,
): readonly Finding[] => [...serverName(config, homeserver), ...guests(homeserver), ...conflicts(homeserver)]
