import type { Located } from '../../../config/yaml/located.ts'
import { keepToOneself, readSecret } from '../../../config/yaml/secret-file.ts'
import { type Section, sectionOver } from '../../../config/yaml/section.ts'
import { reportUnknownKeys, under } from '../../../config/yaml/values.ts'
import { type Problem, Syn2opError } from '../../../errors/syn2op-error.ts'
import type { PostgresSettings } from '../../../postgres/settings.ts'
import { parsePostgresUrl } from '../../../postgres/url.ts'
import type { KeycloakConfig } from './keycloak-config.ts'

/** An address of Keycloak. Undefined, and a problem, when it is wrong; it is not repeated, since it may hold a password. */
export const readUrl = (root: Section, key: 'url' | 'public_url'): string | undefined => {
  const given = root.text(key)
  const wrong = (what: string): undefined => {
    root.problem(`\`${key}\` ${what}`, {
      key,
      remedy: 'Such as https://id.example.org, with a path where it has one.',
    })
    return undefined
  }
  if (given === undefined) return root.has(key) || key === 'public_url' ? undefined : wrong('is missing')
  const url = URL.parse(given.value)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return wrong('is no http or https address')
  if (url.username !== '' || url.password !== '') return wrong('holds a user or a password, which nobody asks for')
  if (url.search !== '' || url.hash !== '') return wrong('has a query or a fragment')
  return url.href.replace(/\/+$/, '')
}

/** A name that becomes a part of a path. */
export const readRealmName = (section: Section): string | undefined => {
  const given = section.text('realm')
  if (given === undefined) return undefined
  if (!['', '.', '..'].includes(given.value) && !given.value.includes('/')) return given.value
  section.problem(`\`${section.path === '' ? '' : `${section.path}.`}realm\` is no name of a realm`, { key: 'realm' })
  return undefined
}

export const readClient = async (section: Section, realm: string): Promise<KeycloakConfig['client'] | undefined> => {
  const id = section.text('id')?.value
  const before = section.has('secret') || section.has('secret_file')
  const secret = await readSecret(section, 'secret')
  if (!section.has('id') || id === '') {
    section.problem('`client.id` is missing', { remedy: 'It is the "Client ID" of a client with a service account.' })
  }
  if (!before) {
    section.problem('`client.secret_file` (or `client.secret`) is missing', {
      remedy: 'It is the "Client Secret" under the client\'s "Credentials".',
    })
  }
  await keepToOneself(section, 'secret')
  const own = readRealmName(section)
  if (!id || !secret) return undefined
  return { id, secret, realm: own ?? realm }
}

/** A name that Keycloak's user profile takes for an attribute. */
const ATTRIBUTE = /^[A-Za-z0-9._-]{1,255}$/

/** What Keycloak has fields for, and what syn2op keeps its own notes in. */
const TAKEN: readonly string[] = ['username', 'email', 'firstName', 'lastName', 'locale']
const isTaken = (name: string): boolean => TAKEN.includes(name) || name.startsWith('syn2op_')

export const readAttributes = (section: Section): KeycloakConfig['attributes'] => {
  const nameOf = (key: 'emails' | 'phones'): string => {
    const name = section.text(key)?.value ?? key
    if (!ATTRIBUTE.test(name)) {
      section.problem(`\`attributes.${key}\` is no name of a user attribute`, {
        key,
        remedy: 'Take letters, digits, dots, hyphens and underscores.',
      })
    } else if (isTaken(name)) {
      section.problem(`\`attributes.${key}\` is ${name}, which is used for something else`, { key })
    }
    return name
  }
  const names = { emails: nameOf('emails'), phones: nameOf('phones') }
  if (names.emails === names.phones) {
    section.problem('`attributes.emails` and `attributes.phones` are the same attribute', { key: 'phones' })
  }
  return names
}

const parse = (section: Section, key: string, uri: string): PostgresSettings | undefined => {
  const origin = section.at ? `${section.at.file}:${section.at.line}` : 'keycloak.yaml'
  try {
    return parsePostgresUrl(uri, origin)
  } catch (error) {
    if (!(error instanceof Syn2opError)) throw error
    const messages = error.problems.length > 0 ? error.problems.map(({ message }) => message) : [error.message]
    for (const message of messages) section.problem(`\`database.${key}\`: ${message}`, { key })
    return undefined
  }
}

/** `database`: Keycloak's own, by a libpq URI or the file that holds it. */
export const readDatabase = async (
  root: Located | undefined,
  problems: Problem[],
): Promise<PostgresSettings | undefined> => {
  const found = under(root, 'database')
  if (found === undefined) return undefined
  reportUnknownKeys(found, 'database', ['uri', 'uri_file'], problems)
  const section = sectionOver(found, 'database', problems)
  const uri = await readSecret(section, 'uri')
  if (uri !== undefined) {
    const settings = parse(section, section.has('uri') ? 'uri' : 'uri_file', uri)
    if (settings?.password !== undefined) await keepToOneself(section, 'uri')
    return settings
  }
  if (found.kind === 'map' && !section.has('uri') && !section.has('uri_file')) {
    section.problem('`database.uri` (or `database.uri_file`) is missing')
  }
  return undefined
}
