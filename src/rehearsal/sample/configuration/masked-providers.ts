import type { Located } from '../../../config/yaml/located.ts'
import { valueAt } from '../../../synapse/yaml-truth.ts'
import type { Masker } from '../mask/masker.ts'

type Settings = Readonly<Record<string, unknown>>

/** A setting that is a number or a truth, as it is; of a text nothing. */
export const plainAt = (root: Located, path: string): boolean | number | undefined => {
  const value = valueAt(root, path)
  if (value?.kind !== 'scalar') return undefined
  return typeof value.value === 'boolean' || typeof value.value === 'number' ? value.value : undefined
}

export const textAt = (root: Located, path: string): string | undefined => {
  const value = valueAt(root, path)
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined
}

/** One of the words that may stand there, as it is. */
const wordAt = (root: Located, path: string, words: readonly string[]): string | undefined => {
  const text = textAt(root, path)
  return text !== undefined && words.includes(text) ? text : undefined
}

/** Without what is undefined. */
export const present = (settings: Settings): Settings =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))

/** An address of the web with another host and path: two that are one are one still, and two are two. */
export const maskedUrl = (url: string, { servers, localparts }: Pick<Masker, 'servers' | 'localparts'>): string => {
  const [, scheme = '', host = '', path = ''] = /^(https?:\/\/)?([^/]*)(.*)$/su.exec(url) ?? []
  return `${scheme}${servers.of(host)}${path.length > 1 ? localparts.chunk(path) : path}`
}

const METHODS = ['client_secret_basic', 'client_secret_post', 'none']
const SCOPES = ['openid', 'profile', 'email', 'phone', 'offline_access', 'read:user']
const CLAIMS = ['sub', 'id', 'preferred_username', 'email', 'username']

const templateAt = (root: Located, path: string, key: string): string | undefined => {
  const template = textAt(root, path)
  if (template === undefined) return undefined
  // Of a template only what it is made with is known to say nothing of anybody.
  if (template.includes('localpart_from_email')) return '{{ user.email | localpart_from_email }}'
  const [, claim = ''] = /^\{\{\s*user\.(\w+)\s*\}\}$/u.exec(template) ?? []
  return CLAIMS.includes(claim) ? `{{ user.${claim} }}` : `{{ user.${key} }}-of-it`
}

const OWN_MAPPING = /^synapse\.handlers\.oidc(?:_handler)?\.JinjaOidcMappingProvider$/u

const userMapping = (root: Located): Settings | undefined => {
  const at = 'user_mapping_provider'
  if (valueAt(root, at) === undefined) return undefined
  const module = textAt(root, `${at}.module`)
  const claim = textAt(root, `${at}.config.subject_claim`)
  return present({
    module: module === undefined || OWN_MAPPING.test(module) ? module : 'its_own.mapping.Provider',
    config: present({
      subject_claim: claim === undefined || CLAIMS.includes(claim) ? claim : 'another_claim',
      subject_template: templateAt(root, `${at}.config.subject_template`, 'sub'),
      localpart_template: templateAt(root, `${at}.config.localpart_template`, 'preferred_username'),
    }),
  })
}

/** One OpenID provider. Its client secret is made up. */
export const maskedOidcProvider = (provider: Located, order: number, masker: Masker): Settings => {
  const idpId = textAt(provider, 'idp_id')
  const issuer = textAt(provider, 'issuer')
  const scopes = valueAt(provider, 'scopes')
  return present({
    enabled: plainAt(provider, 'enabled'),
    idp_id: idpId === undefined ? undefined : masker.providers.idpId(idpId),
    idp_name: `Provider ${order}`,
    issuer: issuer === undefined ? undefined : maskedUrl(issuer, masker),
    client_id: textAt(provider, 'client_id') === undefined ? undefined : `client-${order}`,
    client_secret: valueAt(provider, 'client_secret') === undefined ? undefined : `made-up-secret-${order}`,
    client_auth_method: wordAt(provider, 'client_auth_method', METHODS),
    scopes:
      scopes?.kind === 'list'
        ? scopes.items.flatMap((item) =>
            item.kind === 'scalar' && SCOPES.includes(String(item.value)) ? [item.value] : [],
          )
        : undefined,
    discover: plainAt(provider, 'discover'),
    allow_existing_users: plainAt(provider, 'allow_existing_users'),
    backchannel_logout_enabled: plainAt(provider, 'backchannel_logout_enabled'),
    user_mapping_provider: userMapping(provider),
  })
}
