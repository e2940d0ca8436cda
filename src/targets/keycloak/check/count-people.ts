import type { Person } from '../../../accounts/account.ts'
import { personAsAccount } from '../../../accounts/person-as-account.ts'
import { type Named, type Tally, tally } from '../../../findings/named.ts'
import type { ConflictRules } from '../../../mapping/mapping.ts'
import { type WantedUser, wantedUser } from '../accounts/wanted-user.ts'
import type { KeycloakConfig } from '../config/keycloak-config.ts'
import { asksAtLogin, isAskedAtLogin, isAskedOfUs, isUserEditable } from './profile-questions.ts'
import type { KeycloakSeen, ProfileAttribute } from './seen.ts'
import { areRefused } from './validators.ts'

/** Of accounts that are not deactivated: nobody logs in to those. */
export interface PeopleCounts {
  /** Who has no value of an attribute that is asked of everybody, by its name; not there: nobody. */
  readonly lacking: ReadonlyMap<string, Named>
  /** Who has a value of an attribute that its validators refuse at a login, by its name. */
  readonly refused: ReadonlyMap<string, Named>
  /** Whose username is the e-mail address of somebody else. */
  readonly addresses: Named
}

export interface CountPeople {
  /** From the beginning at each call. */
  readonly people: () => AsyncIterable<Person>
  readonly config: KeycloakConfig
  readonly conflicts: Pick<ConflictRules, 'email'>
  readonly seen: Pick<KeycloakSeen, 'profile' | 'settings' | 'requiredActions'>
}

/** Holds everybody who migrates against the profile and the settings of the realm, as they would be written. */
export const countPeople = async ({ people, config, conflicts, seen }: CountPeople): Promise<PeopleCounts> => {
  const { profile, settings } = seen
  const attributes = profile?.attributes ?? []
  const atLogin = asksAtLogin(seen)
  const asked = attributes.filter((one) => (atLogin && isAskedAtLogin(one)) || isAskedOfUs(one))
  const validated = attributes.filter((one) =>
    one.name === 'username' ? settings?.editUsernameAllowed : atLogin && isUserEditable(one),
  )
  // Of two with one address only the first gets it; whom that is is decided later.
  const given =
    conflicts.email === 'leave' && asked.some(({ name }) => name === 'email') ? new Set<string>() : undefined
  const [lacking, refused] = [new Map<string, Tally>(), new Map<string, Tally>()]
  const names = new Map<string, string>()
  for await (const user of users(people(), config)) {
    const values = valuesOf(user, config)
    if (user.username.includes('@')) names.set(user.username, user.mxid)
    if (given !== undefined && user.email !== undefined) {
      if (given.has(user.email)) values.delete('email')
      given.add(user.email)
    }
    for (const { name } of asked) if (!values.has(name)) tallyOf(lacking, name).add(user.mxid)
    for (const one of validated) if (areRefused(one, valuesIn(values, one))) tallyOf(refused, one.name).add(user.mxid)
  }
  const addresses = tally()
  if (settings?.loginWithEmailAllowed && names.size > 0) {
    for await (const { mxid, email } of users(people(), config)) {
      const named = email === undefined ? undefined : names.get(email)
      if (named !== undefined && named !== mxid) addresses.add(named)
    }
  }
  return { lacking: counts(lacking), refused: counts(refused), addresses: addresses.named() }
}

async function* users(people: AsyncIterable<Person>, config: KeycloakConfig): AsyncGenerator<WantedUser> {
  for await (const person of people) if (!person.isDeactivated) yield wantedUser(personAsAccount(person), config)
}

const valuesOf = (
  { username, email, firstName, lastName, attributes, threepids }: WantedUser,
  config: Pick<KeycloakConfig, 'attributes'>,
): Map<string, readonly string[]> => {
  const placed = (wanted: 'emails' | 'phones'): readonly string[] =>
    threepids.filter(({ place }) => place === wanted).map(({ value }) => value)
  const all: readonly (readonly [string, readonly (string | undefined)[]])[] = [
    ...Object.entries(attributes),
    [config.attributes.emails, placed('emails')],
    [config.attributes.phones, placed('phones')],
    ['username', [username]],
    ['email', [email]],
    ['firstName', [firstName]],
    ['lastName', [lastName]],
  ]
  return new Map(
    all.flatMap(([name, values]) => {
      const given = values.flatMap((value) => (value === undefined || value.trim() === '' ? [] : [value]))
      return given.length === 0 ? [] : [[name, given]]
    }),
  )
}

const valuesIn = (values: ReadonlyMap<string, readonly string[]>, { name }: ProfileAttribute): readonly string[] =>
  values.get(name) ?? []

const tallyOf = (tallies: Map<string, Tally>, name: string): Tally => {
  const present = tallies.get(name) ?? tally()
  tallies.set(name, present)
  return present
}

const counts = (tallies: ReadonlyMap<string, Tally>): ReadonlyMap<string, Named> =>
  new Map([...tallies].map(([name, one]) => [name, one.named()]))
