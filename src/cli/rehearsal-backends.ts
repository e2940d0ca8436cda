import type { Settings } from '../config/settings.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { Backends } from '../rehearsal/backends.ts'
import { webAddress } from './web-address.ts'

/**
 * What a rehearsal may use, as the settings say it.
 * @throws Syn2opError usage
 */
export const rehearsalBackends = async (settings: Settings): Promise<Backends> => {
  const { imagesOf } = await import('../rehearsal/services/containers/images.ts')
  const { 'rehearsal.require': wanted, 'rehearsal.images': images, 'rehearsal.registry': registry } = settings
  const { 'rehearsal.keycloakHome': home, 'rehearsal.masCli': masCli, 'rehearsal.pull': pull } = settings
  const { 'rehearsal.synapsePython': python } = settings
  return {
    images: imagesOf({
      given: images?.value ?? [],
      ...(registry === undefined ? {} : { registry: registry.value }),
      pull: pull?.value ?? 'missing',
    }),
    ...(wanted === undefined ? {} : { wanted: wanted.value }),
    ...(await givenPostgres(settings)),
    ...givenKeycloak(settings),
    ...(home === undefined ? {} : { keycloakHome: home.value }),
    ...(masCli === undefined ? {} : { masCli: masCli.value }),
    ...(python === undefined ? {} : { synapsePython: python.value }),
  }
}

const givenPostgres = async ({ 'rehearsal.postgres': setting }: Settings): Promise<Pick<Backends, 'postgres'>> => {
  if (setting === undefined) return {}
  const { parsePostgresUrl } = await import('../postgres/url.ts')
  return { postgres: parsePostgresUrl(setting.value, setting.origin) }
}

const givenKeycloak = ({
  'rehearsal.keycloak': setting,
  'rehearsal.keycloakUser': user,
  'rehearsal.keycloakPassword': password,
}: Settings): Pick<Backends, 'keycloak'> => {
  if (setting === undefined) return {}
  if (user === undefined || password === undefined) {
    throw new Syn2opError('usage', `${setting.origin} names a Keycloak, and nobody says who may make a realm there`, {
      next: [
        'Name its administrator: --rehearsal-keycloak-user NAME',
        'and give the password as SYN2OP_REHEARSAL_KEYCLOAK_PASSWORD, or in a file that SYN2OP_REHEARSAL_KEYCLOAK_PASSWORD_FILE names.',
      ],
    })
  }
  return {
    keycloak: {
      url: webAddress(setting.value, setting.origin),
      adminUser: user.value,
      adminPassword: password.value,
    },
  }
}

const SERVERS = ['rehearsal.postgres', 'rehearsal.keycloak', 'rehearsal.keycloakUser'] as const

/**
 * Words of a command line that name those servers again that were given by flags: a password is never among them. What comes from the
 * environment is there the next time too; a settings file that was named has to be named again.
 */
export const serversAgain = (settings: Settings, file: string | undefined): readonly string[] => {
  const given = SERVERS.flatMap((key) => {
    const setting = settings[key]
    return setting === undefined ? [] : [setting]
  })
  const flags = given.filter(({ origin }) => origin.startsWith('--')).flatMap(({ origin, value }) => [origin, value])
  return given.length === 0 || file === undefined ? flags : [...flags, '--config', file]
}
