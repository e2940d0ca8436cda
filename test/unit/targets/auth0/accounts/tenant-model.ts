import { firstMarks } from '../../../../../src/targets/auth0/accounts/first-marks.ts'
import { type ImportRow, importRow, reimportRow } from '../../../../../src/targets/auth0/accounts/import-row.ts'
import type { Link } from '../../../../../src/targets/auth0/accounts/links.ts'
import { type UpsertRow, upsertRow } from '../../../../../src/targets/auth0/accounts/upsert-row.ts'
import { closingPatch, type UserPatch } from '../../../../../src/targets/auth0/accounts/user-patch.ts'
import type { UserRequests } from '../../../../../src/targets/auth0/accounts/user-requests.ts'
import type { Writer } from '../../../../../src/targets/auth0/accounts/user-rules.ts'
import { NAME_FIELDS, type PresentIdentity, type PresentUser } from '../../../../../src/targets/auth0/api/user.ts'

/** A user of a database connection; `hash` is what Auth0 never tells, and 'random' one that nobody knows. */
export interface ModelUser extends PresentUser {
  readonly hash: string
}

/** What the documentation says that Auth0 does to one user of one connection. */
export interface TenantModel {
  user: ModelUser | undefined
  now: number
}

class ModelRefusal extends Error {}

export const emptyTenant = (): TenantModel => ({ user: undefined, now: 1000 })

/**
 * Does what was planned.
 * @param killedAfter so many of its requests; absent: all are sent
 */
export const apply = (
  tenant: TenantModel,
  requests: UserRequests,
  writer: Writer,
  killedAfter = Number.POSITIVE_INFINITY,
): void => {
  for (const send of stepsOf(requests, writer).slice(0, killedAfter)) {
    tenant.now += 1
    send(tenant)
  }
}

type Step = (tenant: TenantModel) => void

const stepsOf = (requests: UserRequests, writer: Writer): readonly Step[] => {
  switch (requests.kind) {
    case 'create': {
      const { wanted } = requests
      return [
        importing(importRow(wanted, writer)),
        ...provisioning(
          wanted.links.filter(({ how }) => how === 'scim'),
          closingPatch(firstMarks(wanted, writer)),
        ),
      ]
    }
    case 'delete':
      return [remove]
    case 'rehash': {
      const { block, others, passwordHash } = requests
      return [
        ...(block === undefined ? [] : block.patches.map(patching)),
        upserting(upsertRow(requests), passwordHash ?? 'random'),
        ...(others === undefined ? [] : stepsOf(others, writer)),
      ]
    }
    case 'reimport':
      return [
        remove,
        importing(reimportRow(requests)),
        ...provisioning(requests.provision, closingPatch(requests.marks)),
      ]
    case 'change':
      return [
        ...requests.patches.map(patching),
        ...requests.unlink.map(unlinking),
        ...requests.provision.map(linking),
        ...(requests.closing === undefined ? [] : [patching(requests.closing)]),
      ]
    case 'nothing':
    case 'refuse':
      return []
  }
}

const provisioning = (links: readonly Link[], closing: UserPatch): readonly Step[] =>
  links.length === 0 ? [] : [...links.map(linking), patching(closing)]

/** As somebody at Auth0 would. */
export const edit = (tenant: TenantModel, change: (user: ModelUser) => ModelUser): void => {
  if (tenant.user === undefined) throw new ModelRefusal('inexistent_user')
  tenant.user = change(tenant.user)
}

const remove: Step = (tenant) => {
  tenant.user = undefined
}

/** Names that nobody gave are made of the address. */
const importing =
  (row: ImportRow): Step =>
  (tenant) => {
    if (tenant.user !== undefined) throw new ModelRefusal('DUPLICATED_USER')
    const { username, email, phone_number: phoneNumber } = row
    if ((username ?? email ?? phoneNumber) === undefined) throw new ModelRefusal('ANY_OF_MISSING')
    const names = Object.fromEntries(
      NAME_FIELDS.flatMap((field) => (row[field] === undefined ? [] : [[field, row[field]]])),
    )
    tenant.user = {
      id: `auth0|${row.user_id}`,
      ...(username === undefined ? {} : { username }),
      ...(email === undefined ? {} : { email }),
      emailVerified: row.email_verified ?? false,
      ...(phoneNumber === undefined ? {} : { phoneNumber }),
      phoneVerified: row.phone_verified ?? false,
      names: {
        ...(email === undefined ? {} : { name: email, nickname: email.split('@')[0] ?? '' }),
        picture: 'https://s.gravatar.com/avatar/0',
        ...names,
      },
      blocked: row.blocked ?? false,
      appMetadata: stored(row.app_metadata),
      userMetadata: {},
      identities: [{ connection: 'people', provider: 'auth0', userId: row.user_id, isSocial: false }],
      createdAt: tenant.now,
      updatedAt: tenant.now,
      loginsCount: 0,
      hash: row.custom_password_hash?.hash.value ?? 'random',
    }
  }

/** Who is found by nothing but the address, and has used the hash that came first, or came without one, keeps theirs. */
const upserting =
  (row: UpsertRow, hash: string): Step =>
  (tenant) => {
    const { user } = tenant
    if (user === undefined || user.email === undefined || user.email !== row.email) throw new ModelRefusal('CONFLICT')
    if (user.loginsCount > 0 || user.hash === 'random') throw new ModelRefusal('already has password hash defined')
    edit(tenant, (there) => ({
      ...there,
      emailVerified: row.email_verified ?? false,
      names: {
        ...there.names,
        ...Object.fromEntries(NAME_FIELDS.flatMap((name) => (row[name] ? [[name, row[name]]] : []))),
      },
      appMetadata: stored(row.app_metadata),
      hash,
    }))
  }

const patching =
  (patch: UserPatch): Step =>
  (tenant) => {
    const identifiers = [patch.email, patch.username, patch.phone_number].filter((value) => value !== undefined)
    if (identifiers.length > 1) throw new ModelRefusal('Cannot update username and email simultaneously')
    edit(tenant, (user) => {
      const { username, email, phoneNumber, ...rest } = user
      return {
        ...rest,
        ...patched('username', username, patch.username),
        ...patched('email', email, patch.email),
        ...patched('phoneNumber', phoneNumber, patch.phone_number),
        emailVerified: patch.email_verified ?? (patch.email === undefined && user.emailVerified),
        phoneVerified: patch.phone_verified ?? (patch.phone_number === undefined && user.phoneVerified),
        blocked: patch.blocked ?? user.blocked,
        names: Object.fromEntries(
          NAME_FIELDS.flatMap((field) => {
            const value = patch[field] === undefined ? user.names[field] : patch[field]
            return value === undefined || value === null ? [] : [[field, value]]
          }),
        ),
        appMetadata: { ...user.appMetadata, ...stored(patch.app_metadata) },
      }
    })
  }

const patched = (field: string, was: string | undefined, to: string | null | undefined): Record<string, string> => {
  const value = to === undefined ? was : to
  return value === undefined || value === null ? {} : { [field]: value }
}

const linking =
  ({ connection, subject }: Link): Step =>
  (tenant) =>
    edit(tenant, (user) => ({
      ...user,
      identities: [
        ...user.identities,
        { connection, provider: 'oidc', userId: `${connection}|${subject}`, isSocial: false },
      ],
    }))

const unlinking =
  ({ connection, userId }: PresentIdentity): Step =>
  (tenant) =>
    edit(tenant, (user) => ({
      ...user,
      identities: user.identities.filter((one) => one.connection !== connection || one.userId !== userId),
    }))

/** Objects come back with their keys in another order. */
const stored = (metadata: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  if (JSON.stringify(metadata).length > 10 * 1024) throw new ModelRefusal('the profile is too large')
  return JSON.parse(JSON.stringify(metadata), (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toReversed())
      : value,
  )
}

/** As the Management API tells of the user. */
export const see = ({ user }: TenantModel): { readonly present?: PresentUser } => {
  if (user === undefined) return {}
  const { hash: _, ...present } = user
  return { present }
}
