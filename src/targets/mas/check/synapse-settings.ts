import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import type { HomeserverConfig } from '../../../synapse/homeserver.ts'
import type { MasConfig } from '../config/mas-config.ts'

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

/** Only where both are known: before the cut-over Synapse has none yet. */
const sharedSecret = (
  { matrixSecret }: Pick<MasConfig, 'matrixSecret'>,
  { delegation }: HomeserverConfig,
): readonly Finding[] => {
  if (matrixSecret === undefined || delegation?.secret === undefined || delegation.secret === matrixSecret) return []
  const { file, line } = delegation.at
  return [
    finding('MAS_SHARED_SECRET', {
      message: "`matrix.secret` of MAS is another one than that of Synapse's `matrix_authentication_service`.",
      remedy: [
        `Give both the same value; Synapse's stands in ${file}:${line}, or in the file of \`secret_path\` there.`,
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

const conflicts = ({ conflictsWithMas }: HomeserverConfig): readonly Finding[] => {
  if (conflictsWithMas.length === 0) return []
  const paths = conflictsWithMas.map(({ path }) => path)
  return [
    finding('SYNAPSE_CONFLICTS_WITH_MAS', {
      message: `With MAS switched on, Synapse will not start until these settings are changed: ${paths.join(', ')}.`,
      count: paths.length,
      samples: paths,
      remedy: [
        'Change them after `migrate` and `verify`, before Synapse starts with MAS, not earlier.',
        ...conflictsWithMas.map(({ at: { file, line }, remedy }) => `${file}:${line}: ${remedy}`),
      ],
    }),
  ]
}

/** What of homeserver.yaml does not go together with this MAS. */
export const checkSynapseSettings = (
  config: Pick<MasConfig, 'homeserver' | 'matrixSecret'>,
  homeserver: HomeserverConfig,
): readonly Finding[] => [
  ...serverName(config, homeserver),
  ...sharedSecret(config, homeserver),
  ...guests(homeserver),
  ...conflicts(homeserver),
]
