import type { Images } from '../containers/images.ts'
import type { Way } from '../way.ts'
import { containerKeycloak } from './container-keycloak.ts'
import { givenKeycloak } from './given-keycloak.ts'
import type { KeycloakAddress, KeycloakService } from './keycloak-service.ts'
import { type LocalKeycloak, localKeycloak } from './local-keycloak.ts'

export interface KeycloakWays extends LocalKeycloak {
  /** A Keycloak that is there; then no other is tried. */
  readonly given?: KeycloakAddress
  readonly images: Images
}

/** How a Keycloak can be had, in the order in which that is tried. */
export const keycloakWays = ({ given, images, ...local }: KeycloakWays): readonly Way<KeycloakService>[] =>
  given === undefined
    ? [
        containerKeycloak({ images, ...(local.pepper === undefined ? {} : { pepper: local.pepper }) }),
        localKeycloak(local),
      ]
    : [givenKeycloak(given)]
