import { randomBytes } from 'node:crypto'
import { PROVIDER_ID, PROVIDER_JAR } from '../../../targets/keycloak/provider/provider-jar.ts'
import { whyNoContainers } from '../containers/engine.ts'
import type { Images } from '../containers/images.ts'
import { type ContainerFile, startContainer } from '../containers/start-container.ts'
import type { StartContext, Way } from '../way.ts'
import { type Configuration, configurationText, pepperConfiguration } from './configuration.ts'
import type { KeycloakAddress, KeycloakService } from './keycloak-service.ts'
import { START_MS, untilAdministered } from './until-administered.ts'

export interface ContainerKeycloak {
  readonly images: Images
  /** Synapse's; a secret. */
  readonly pepper?: string
}

const ADMIN = 'admin'
const PORT = 8080

/** Where images have Keycloak. */
const HOME = '/opt/keycloak'

/** In a container Keycloak would take half of the machine's memory at once. */
const HEAP = { JAVA_OPTS_KC_HEAP: '-Xms64m -Xmx1g' }

/** Options count for more than the image's own environment, which may lead to a database that is in use. */
const COMMAND = [
  'start-dev',
  '--db=dev-file',
  '--cache=local',
  '--http-enabled=true',
  '--http-host=0.0.0.0',
  `--http-port=${PORT}`,
  '--hostname-strict=false',
]

/**
 * root's: Keycloak runs as somebody of root's group. What is in the environment everybody sees who may ask the engine, and a pepper
 * beyond ASCII would not survive that of every image.
 */
const filesOf = (configuration: Configuration): readonly ContainerFile[] => [
  { source: PROVIDER_JAR, target: `${HOME}/providers/${PROVIDER_ID}.jar`, mode: 0o644 },
  { content: configurationText(configuration), target: `${HOME}/conf/keycloak.conf`, mode: 0o640 },
]

/** A container of an image that behaves as Keycloak's official one, with a database of its own for tests. */
export const containerKeycloak = ({ images, pepper }: ContainerKeycloak): Way<KeycloakService> => ({
  backend: 'containers',
  why: () => whyNoContainers(),
  start: (context) => start(images, pepper, context),
})

const start = async (
  images: Images,
  pepper: string | undefined,
  { lease, note, signal }: StartContext,
): Promise<KeycloakService> => {
  const image = images.of('keycloak')
  const adminPassword = randomBytes(18).toString('base64url')
  const container = await startContainer({
    lease,
    service: 'keycloak',
    image,
    pull: images.pull,
    ports: [PORT],
    environment: HEAP,
    command: COMMAND,
    files: filesOf({
      'bootstrap-admin-username': ADMIN,
      'bootstrap-admin-password': adminPassword,
      ...pepperConfiguration(pepper),
    }),
    // It takes connections long before it can be used.
    wait: { kind: 'http', path: '/realms/master', port: PORT },
    timeoutMs: START_MS,
    note,
    signal,
  })
  const address: KeycloakAddress = {
    url: `http://${container.host}:${container.port(PORT)}`,
    adminUser: ADMIN,
    adminPassword,
  }
  try {
    await untilAdministered(address, { ended: () => undefined, signal })
  } catch (error) {
    await container.stop()
    throw error
  }
  return {
    ...address,
    backend: 'containers',
    what: `container ${image}, with its test database`,
    keep: () => container.keep(),
    stop: () => container.stop(),
  }
}
