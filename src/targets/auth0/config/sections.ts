import type { Located } from '../../../config/yaml/located.ts'
import { keepToOneself, readSecret } from '../../../config/yaml/secret-file.ts'
import type { Section } from '../../../config/yaml/section.ts'
import { under } from '../../../config/yaml/values.ts'
import type { Problem } from '../../../errors/syn2op-error.ts'
import type { Auth0Config } from './auth0-config.ts'
import { isPrivate } from './is-private.ts'

/** The tenant's address. Undefined, and a problem, when it is wrong; it is not repeated, since it may hold a password. */
export const readUrl = (root: Section): string | undefined => {
  const given = root.text('url')
  const wrong = (what: string): undefined => {
    root.problem(`\`url\` ${what}`, {
      key: 'url',
      remedy: "Such as https://tenant.eu.auth0.com: the tenant's own domain, not a custom one.",
    })
    return undefined
  }
  if (given === undefined) return root.has('url') ? undefined : wrong('is missing')
  const url = URL.parse(given.value)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return wrong('is no https address')
  if (url.username !== '' || url.password !== '') return wrong('holds a user or a password, which nobody asks for')
  if (url.search !== '' || url.hash !== '' || url.pathname !== '/') return wrong('has more than a host')
  if (!isPrivate(url)) return wrong('begins with http: hashes would be sent in clear')
  return url.origin
}

export const readClient = async (
  section: Section,
  from: string | undefined,
): Promise<Auth0Config['client'] | undefined> => {
  const id = section.text('id')?.value
  if (!section.has('id') || id === '') {
    section.problem('`client.id` is missing', { remedy: 'It is the "Client ID" of a machine-to-machine application.' })
  }
  const secret = await readSecretOf(section, from)
  if (from === undefined && !section.has('secret') && !section.has('secret_file')) {
    section.problem('`client.secret_file` (or `client.secret`) is missing', {
      remedy: 'It is the "Client Secret" of that application.',
    })
  }
  return id && secret ? { id, secret } : undefined
}

/** Undefined also where there is none. */
export const readApplication = async (
  section: Section,
  from: string | undefined,
): Promise<Auth0Config['application'] | undefined> => {
  if (section.at === undefined) return undefined
  const id = section.text('id')?.value
  if (!section.has('id') || id === '') {
    section.problem('`application.id` is missing', {
      remedy: 'It is the "Client ID" of an application that may use the grant type password-realm.',
    })
  }
  const secret = await readSecretOf(section, from)
  return id ? { id, ...(secret === undefined ? {} : { secret }) } : undefined
}

const readSecretOf = async (section: Section, from: string | undefined): Promise<string | undefined> => {
  await keepToOneself(section, 'secret')
  return from ?? (await readSecret(section, 'secret'))
}

/** What is left to everybody else is for the tenant's other applications. */
const SHARE = 0.8

/** `rate.share`: a number above 0 and at most 1. */
export const readRate = (root: Located | undefined, problems: Problem[]): Auth0Config['rate'] => {
  const given = under(under(root, 'rate'), 'share')
  if (given === undefined) return { share: SHARE }
  const share = given.kind === 'scalar' && typeof given.value === 'number' ? given.value : 0
  if (share > 0 && share <= 1) return { share }
  problems.push({
    message: '`rate.share` must be a number above 0 and at most 1',
    at: given.at,
    remedy: 'It is the part of what the tenant is allowed in a time that syn2op may use.',
  })
  return { share: SHARE }
}
