/** The source's relations whose rows get a decision, in the order of every report. */
export const RELATIONS = [
  'account',
  'password',
  'threepid',
  'external_id',
  'session',
  'access_token',
  'refresh_token',
] as const

export type Relation = (typeof RELATIONS)[number]

/** The name of a relation's rows for people, singular and plural. */
export const RELATION_NAMES: Readonly<Record<Relation, { readonly one: string; readonly many: string }>> = {
  account: { one: 'account', many: 'accounts' },
  password: { one: 'password', many: 'passwords' },
  threepid: { one: 'e-mail or phone', many: 'e-mails and phones' },
  external_id: { one: 'SSO identity', many: 'SSO identities' },
  session: { one: 'device', many: 'devices' },
  access_token: { one: 'access token', many: 'access tokens' },
  refresh_token: { one: 'refresh token', many: 'refresh tokens' },
}
