import type { FieldChange } from '../../prepare/field-change.ts'
import { type FieldPath, isMap, readField } from '../../prepare/json-field.ts'
import type { Keeper } from './keeper.ts'
import { type WantedAttribute, wantedAttributes } from './profile-attributes.ts'
import type { JsonMap, PrepareStep } from './step.ts'

/** What accounts of Synapse need of the user profile. */
export interface ProfileWish {
  /** Attributes by the mapping's names, and by those of keycloak.yaml for further addresses. */
  readonly attributes: readonly WantedAttribute[]
  /** relax: usernames may be short and have any character. */
  readonly usernames: 'keep' | 'relax'
}

/** Fields of Keycloak that accounts of Synapse often lack. */
const OFTEN_LACKED = ['email', 'firstName', 'lastName']

/** What refuses names that Matrix allows. */
const NAME_VALIDATORS = ['username-prohibited-characters', 'up-username-not-idn-homograph', 'pattern']

const GROUP = {
  name: 'matrix',
  displayHeader: 'Matrix',
  displayDescription: 'From your Matrix account',
} as const

export const PROFILE_STEP = 'user-profile'

/** Who needs the profile as it is: accounts that syn2op wrote, of whatever homeserver. */
const KEEPER: Keeper = {
  kind: 'accounts',
  words: 'accounts are there that syn2op wrote, and it could no longer tell what is its own; roll them back first',
}

/** What is to change of the user profile; undefined where nothing is. All else stays as it is. */
export const profileStep = (profile: JsonMap, wish: ProfileWish): PrepareStep | undefined => {
  const changes = [
    ...OFTEN_LACKED.flatMap((name) => noLongerRequired(profile, name)),
    ...(wish.usernames === 'relax' ? relaxedUsername(profile) : []),
    ...declared(profile, wantedAttributes(wish.attributes)),
  ]
  if (changes.length === 0) return undefined
  return {
    id: PROFILE_STEP,
    what: `Let the user profile take accounts of Synapse: ${parts(changes).join(', ')}`,
    why: `Without a value that is required nobody gets in ("Account is not fully set up"), and what is not declared cannot be read back.${askedLess(changes)}`,
    work: { kind: 'change', path: 'users/profile', changes },
    keepers: [KEEPER],
    notes: [],
  }
}

/** What changes for people who are no accounts of Synapse. */
const askedLess = (changes: readonly FieldChange[]): string => {
  const names = changes.flatMap(({ at }) => {
    const [, attribute, last] = at
    return last === 'required' && typeof attribute === 'object' ? [attribute.name] : []
  })
  return names.length === 0
    ? ''
    : ` Nobody in the realm is asked for ${names.join(', ')} any more, whoever registers neither.`
}

const parts = (changes: readonly FieldChange[]): readonly string[] => {
  const count = (belongs: (change: FieldChange) => boolean): number => changes.filter(belongs).length
  const told: readonly (readonly [number, string])[] = [
    [count(isDeclared), 'declared'],
    [count(({ at }) => at.at(-1) === 'required'), 'no longer required'],
    [count((change) => change.at.length > 2 && change.at.at(-1) !== 'required'), 'changed'],
  ]
  return told.flatMap(([number, words]) =>
    number === 0
      ? []
      : [
          `${number} ${words === 'changed' ? (number === 1 ? 'field' : 'fields') : number === 1 ? 'attribute' : 'attributes'} ${words}`,
        ],
  )
}

const isDeclared = ({ at, before }: FieldChange): boolean =>
  at.length === 2 && at[0] === 'attributes' && before === undefined

const attributeAt = (name: string, ...rest: FieldPath): FieldPath => ['attributes', { name }, ...rest]

/**
 * What everybody is asked for, or an administrator when an account changes, as ours do. What only some applications ask for by
 * their scopes stays: it keeps nobody out elsewhere.
 */
const noLongerRequired = (profile: JsonMap, name: string): readonly FieldChange[] => {
  const at = attributeAt(name, 'required')
  const before = readField(profile, at)
  const scopes = readField(before, ['scopes'])
  if (before === undefined || (Array.isArray(scopes) && scopes.length > 0)) return []
  return [{ at, before }]
}

/** In characters: what Keycloak keeps of one. */
const LONGEST_USERNAME = 255

const relaxedUsername = (profile: JsonMap): readonly FieldChange[] => {
  const bound = (name: 'min' | 'max', after: number): readonly FieldChange[] => {
    const at = attributeAt('username', 'validations', 'length', name)
    const before = readField(profile, at)
    const number = Number(before ?? after)
    return (name === 'min' ? number > after : number < after) ? [{ at, before, after }] : []
  }
  return [
    ...bound('min', 1),
    ...bound('max', LONGEST_USERNAME),
    ...NAME_VALIDATORS.flatMap((validator) => {
      const at = attributeAt('username', 'validations', validator)
      const before = readField(profile, at)
      return before === undefined ? [] : [{ at, before }]
    }),
  ]
}

const declared = (profile: JsonMap, wanted: readonly WantedAttribute[]): readonly FieldChange[] => {
  const missing = wanted.filter(({ name }) => readField(profile, attributeAt(name)) === undefined)
  const present = wanted.filter((attribute) => !missing.includes(attribute))
  const hasGroup = readField(profile, ['groups', { name: GROUP.name }]) !== undefined
  return [
    ...present.flatMap((attribute) => repaired(profile, attribute)),
    ...(missing.length > 0 && !hasGroup ? [{ at: ['groups', { name: GROUP.name }], after: GROUP }] : []),
    ...missing.map((attribute) => ({ at: attributeAt(attribute.name), after: declaration(attribute) })),
  ]
}

const declaration = ({ name, displayName, multivalued, users }: WantedAttribute): JsonMap => ({
  name,
  displayName,
  validations: { length: { max: 2048 } },
  permissions: { view: users === 'see' ? ['admin', 'user'] : ['admin'], edit: ['admin'] },
  group: GROUP.name,
  multivalued,
})

/** Of somebody else's declaration only what would lose values, or let people write what we go by. */
const repaired = (profile: JsonMap, { name, multivalued, users }: WantedAttribute): readonly FieldChange[] => {
  const change = (after: unknown, ...rest: FieldPath): FieldChange => {
    const at = attributeAt(name, ...rest)
    const before = readField(profile, at)
    return { at, ...(before === undefined ? {} : { before }), after }
  }
  const permissions = readField(profile, attributeAt(name, 'permissions'))
  const rights = (right: 'view' | 'edit'): readonly unknown[] => {
    const given = isMap(permissions) ? permissions[right] : undefined
    return Array.isArray(given) ? given : []
  }
  const single = readField(profile, attributeAt(name, 'multivalued')) !== true
  const wrong = (['view', 'edit'] as const).filter(
    (right) => !rights(right).includes('admin') || (users === 'nothing' && rights(right).includes('user')),
  )
  return [
    ...(multivalued && single ? [change(true, 'multivalued')] : []),
    ...wrong.map((right) =>
      change(
        users === 'nothing' ? ['admin'] : ['admin', ...rights(right).filter((one) => one !== 'admin')],
        'permissions',
        right,
      ),
    ),
  ]
}
