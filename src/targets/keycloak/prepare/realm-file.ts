import { writeField } from '../../prepare/json-field.ts'
import { DEFAULT_PROFILE } from './default-profile.ts'
import { newRealm } from './realm-step.ts'
import type { JsonMap, PrepareStep } from './step.ts'

const PROFILE_COMPONENT = 'org.keycloak.userprofile.UserProfileProvider'

/**
 * The representation of a realm with what these steps bring, without secrets: all of it where it does not exist yet, as `kc.sh
 * import` takes it; of one that exists a fragment, its user profile and what is new or changes.
 * @param profile of the realm as it is now; absent: it does not exist yet
 */
export const realmRepresentation = (
  realm: string,
  profile: JsonMap | undefined,
  steps: readonly PrepareStep[],
): JsonMap => {
  const changed = (path: string, start: unknown): unknown =>
    steps.reduce<unknown>(
      (document, { work }) =>
        work.kind === 'change' && work.path === path
          ? work.changes.reduce((sofar, { at, after }) => writeField(sofar, at, after), document)
          : document,
      start,
    )
  const made = (collection: string): readonly JsonMap[] =>
    steps.flatMap(({ work }) => (work.kind === 'create' && work.collection === collection ? [work.body] : []))
  const start = profile === undefined ? newRealm(realm) : { realm }
  const wholeProfile = changed('users/profile', profile ?? DEFAULT_PROFILE)
  return {
    ...Object(changed('', start)),
    components: {
      [PROFILE_COMPONENT]: [
        {
          providerId: 'declarative-user-profile',
          subComponents: {},
          config: { 'kc.user.profile.config': [JSON.stringify(wholeProfile)] },
        },
      ],
    },
    identityProviders: made('identity-provider/instances'),
    clients: made('clients'),
  }
}
