import { basename } from 'node:path'
import { PEPPER_SETTING } from './provider-jar.ts'

/** What an administrator does once the jar lies in this folder, in order. The pepper itself is never shown. */
export const nextSteps = (folder: string): readonly string[] => [
  basename(folder) === 'providers'
    ? 'In a cluster, put the file into providers/ of every other node too.'
    : "Copy the file into Keycloak's folder providers/, on every node of a cluster.",
  `Where homeserver.yaml has a password_config.pepper, give it to Keycloak: a line ${PEPPER_SETTING}=… in conf/keycloak.conf, in UTF-8, readable by Keycloak alone. In that line write \\ as \\\\, then $$ as $$$$ and \${ as \\\\\${.`,
  'Where Keycloak is started with --optimized: bin/kc.sh build',
  'Restart Keycloak.',
  'syn2op check --target keycloak: it sees whether the provider works there, and whether its pepper is the one of Synapse.',
]
