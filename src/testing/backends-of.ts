import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rehearsalBackends } from '../cli/rehearsal-backends.ts'
import { loadSettings } from '../config/load-settings.ts'
import type { Settings } from '../config/settings.ts'
import type { Backends } from '../rehearsal/backends.ts'
import type { File, RehearsalBackends } from './options.ts'

export const pathOf = (file: File): string => resolve(file instanceof URL ? fileURLToPath(file) : file)

const PREFIX = 'SYN2OP_REHEARSAL_'

/**
 * What a rehearsal may use: as it is said, else as the environment says. No syn2op.yaml is read: a test says itself what it is about.
 * @throws Syn2opError usage, config.invalid
 */
export const backendsOf = async (given: RehearsalBackends): Promise<Backends> => {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith(PREFIX)))
  const settings = await loadSettings({ flags: {}, env, folder: process.cwd(), file: 'none' })
  return rehearsalBackends({ ...settings, ...settingsOf(given) })
}

const setting = <Value>(name: string, value: Value): { readonly value: Value; readonly origin: string } => ({
  value,
  origin: `backends.${name}`,
})

const settingsOf = (given: RehearsalBackends): Settings => {
  const { require: wanted, postgres, keycloak, keycloakHome, masCli, images, registry, pull } = given
  return {
    ...(wanted === undefined ? {} : { 'rehearsal.require': setting('require', wanted) }),
    ...(postgres === undefined ? {} : { 'rehearsal.postgres': setting('postgres', postgres) }),
    ...(keycloak === undefined
      ? {}
      : {
          'rehearsal.keycloak': setting('keycloak.url', keycloak.url),
          'rehearsal.keycloakUser': setting('keycloak.adminUser', keycloak.adminUser),
          'rehearsal.keycloakPassword': setting('keycloak.adminPassword', keycloak.adminPassword),
        }),
    ...(keycloakHome === undefined ? {} : { 'rehearsal.keycloakHome': setting('keycloakHome', pathOf(keycloakHome)) }),
    ...(masCli === undefined ? {} : { 'rehearsal.masCli': setting('masCli', pathOf(masCli)) }),
    ...(images === undefined
      ? {}
      : {
          'rehearsal.images': setting(
            'images',
            Object.entries(images).map(([service, image]) => `${service}=${image}`),
          ),
        }),
    ...(registry === undefined ? {} : { 'rehearsal.registry': setting('registry', registry) }),
    ...(pull === undefined ? {} : { 'rehearsal.pull': setting('pull', pull) }),
  }
}
