import { didYouMean } from '../../errors/did-you-mean.ts'
import { contradictions } from './contradictions.ts'
import {
  anything,
  deviceId,
  email,
  type Fields,
  flag,
  isObject,
  localpart,
  matching,
  moment,
  oneOf,
  phone,
  providerName,
  serverName,
  type Test,
  type Told,
  text,
  wholeFrom,
} from './field-tests.ts'

const IDENTITY: Fields = { provider: providerName, subject: text }
const DEVICE: Fields = {
  id: deviceId,
  name: text,
  lastSeen: moment,
  tokens: oneOf('access', 'refreshing', 'expired', 'none'),
}
const PROVIDER: Fields = { name: providerName, issuer: matching(/^https?:\/\/\S+$/u, 'an address'), removed: flag }
const BRIDGE: Fields = { id: text, users: anything, sender: localpart }
const ANYBODY: Fields = { kind: anything, localpart, displayName: text, createdAt: moment }
const KINDS: ReadonlyMap<unknown, Fields> = new Map<unknown, Fields>([
  [
    'user',
    {
      ...ANYBODY,
      password: text,
      emails: anything,
      phones: anything,
      identities: anything,
      devices: anything,
      admin: flag,
      locked: flag,
      suspended: flag,
      shadowBanned: flag,
      unapproved: flag,
      expired: flag,
      type: oneOf('bot', 'support'),
    },
  ],
  ['deactivated', { ...ANYBODY, identities: anything, erased: flag }],
  ['guest', { ...ANYBODY, devices: anything }],
  ['ghost', { ...ANYBODY, bridge: text, devices: anything }],
])
const DESCRIPTION: Fields = {
  // Of a description that was found sound, and that another one is made of.
  mxid: anything,
  people: anything,
  providers: anything,
  bridges: anything,
  settings: anything,
  serverName,
  pepper: text,
  asOf: moment,
  damage: oneOf('none', 'all'),
  accounts: wholeFrom(0, 1_000_000),
  seed: wholeFrom(0, 2_000_000_000),
}
/** What we write ourselves. */
const OURS = ['server_name', 'database', 'app_service_config_files', 'oidc_providers']

/** Everything that is wrong with a description, each with its place: `people[2].emails[0] must be an e-mail address`. Pure. */
export const problemsOf = (description: unknown): readonly string[] => {
  const problems: string[] = []
  const tell: Told = (path, message) => void problems.push(`${path} ${message}`)
  if (!isObject(description)) return ['A homeserver is described by an object']
  fields('', description, { known: DESCRIPTION, needed: [], tell })
  if (description['settings'] !== undefined) settings(description['settings'], tell)
  each(description, 'providers', '', (value, path) => named(value, path, { known: PROVIDER, key: 'name', tell }), tell)
  each(
    description,
    'bridges',
    '',
    (value, path) => {
      named(value, path, { known: BRIDGE, key: 'id', tell })
      if (isObject(value)) each(value, 'users', path, (user, at) => tested(user, at, text, tell), tell)
    },
    tell,
  )
  each(description, 'people', '', (value, path) => person(value, path, tell), tell)
  // What is no person cannot be compared with others.
  if (problems.length === 0) problems.push(...contradictions(description))
  return problems
}

const tested = (value: unknown, path: string, test: Test, tell: Told): void => {
  const wrong = test(value)
  if (wrong !== undefined) tell(path, wrong)
}

interface Shape {
  readonly known: Fields
  readonly needed: readonly string[]
  readonly tell: Told
}

const fields = (path: string, value: Readonly<Record<string, unknown>>, { known, needed, tell }: Shape): void => {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`)
  for (const [name, field] of Object.entries(value)) {
    const test = Object.hasOwn(known, name) ? known[name] : undefined
    if (test !== undefined) {
      if (field !== undefined) tested(field, at(name), test, tell)
      continue
    }
    const meant = didYouMean(name, Object.keys(known))
    tell(at(name), meant === undefined ? 'cannot be said here' : `cannot be said here; did you mean ${meant}?`)
  }
  for (const name of needed) if (value[name] === undefined) tell(at(name), 'is missing')
}

const each = (
  of: Readonly<Record<string, unknown>>,
  name: string,
  path: string,
  look: (value: unknown, path: string) => void,
  tell: Told,
): void => {
  const list = of[name]
  const at = path === '' ? name : `${path}.${name}`
  if (list === undefined) return
  if (Array.isArray(list)) for (const [index, value] of list.entries()) look(value, `${at}[${index}]`)
  else tell(at, 'must be a list')
}

/** A text that stands for an object with nothing but its name, or the object. */
const named = (
  value: unknown,
  path: string,
  { known, key, tell }: { readonly known: Fields; readonly key: string; readonly tell: Told },
): void => {
  if (isObject(value)) fields(path, value, { known, needed: [key], tell })
  else tested(value, path, known[key] ?? anything, tell)
}

const settings = (value: unknown, tell: Told): void => {
  if (!isObject(value)) tell('settings', 'must be an object')
  else for (const name of OURS) if (Object.hasOwn(value, name)) tell(`settings.${name}`, 'cannot be said here')
}

const person = (value: unknown, path: string, tell: Told): void => {
  if (!isObject(value)) {
    tell(path, 'must be an object')
    return
  }
  const kind = value['kind'] ?? 'user'
  const known = KINDS.get(kind)
  if (known === undefined) {
    tell(`${path}.kind`, `must be ${[...KINDS.keys()].map((word) => `'${word}'`).join(' or ')}`)
    return
  }
  fields(path, value, { known, needed: kind === 'ghost' ? ['localpart', 'bridge'] : ['localpart'], tell })
  const list = (name: string, look: (one: unknown, at: string) => void): void => {
    if (Object.hasOwn(known, name)) each(value, name, path, look, tell)
  }
  list('emails', (one, at) => tested(one, at, email, tell))
  list('phones', (one, at) => tested(one, at, phone, tell))
  list('devices', (one, at) => named(one, at, { known: DEVICE, key: 'id', tell }))
  list('identities', (one, at) => {
    if (isObject(one)) fields(at, one, { known: IDENTITY, needed: ['provider', 'subject'], tell })
    else tell(at, 'must be an object')
  })
}
