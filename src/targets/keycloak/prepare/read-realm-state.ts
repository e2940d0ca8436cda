import { z } from 'zod'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { AdminApi } from '../api/admin-api.ts'
import type { KeycloakConfig } from '../config/keycloak-config.ts'
import type { JsonMap, StepByHand } from './step.ts'

/** What a realm has of what prepare looks at. */
export interface RealmState {
  /** Absent: there is no such realm. */
  readonly realm?: JsonMap
  /** Absent: the client may not read it. */
  readonly profile?: JsonMap
  /** Aliases. Absent: likewise. */
  readonly identityProviders?: readonly string[]
  /** By their client id, as far as they are asked for and there. Absent: likewise. */
  readonly clients?: ReadonlyMap<string, JsonMap>
  /** Whether Keycloak has the provider for the passwords of Synapse. Absent: likewise. */
  readonly passwordProvider?: 'there' | 'missing'
  /** What the client was not let look at. */
  readonly notAllowed: readonly StepByHand[]
}

export interface LookedFor {
  readonly identityProviders: 'some' | 'none'
  readonly clientIds: readonly string[]
}

const MAP = z.record(z.string(), z.unknown())
const ALIASES = z.array(z.object({ alias: z.string() }))
const PROVIDERS = z.object({
  providers: z.object({ 'password-hashing': z.object({ providers: z.record(z.string(), z.unknown()) }) }),
})

const PASSWORD_PROVIDER = 'synapse-bcrypt'

/**
 * Reads a realm. What the client may not read is left out, with what to do about it.
 * @throws Syn2opError server.unreachable, target.not-allowed where the client gets no token, config.invalid
 */
export const readRealmState = async (
  api: AdminApi,
  config: KeycloakConfig,
  asked: LookedFor,
  signal: AbortSignal,
): Promise<RealmState> => {
  const notAllowed: StepByHand[] = []
  const read = async (
    what: string,
    path: string,
    { query = {}, unknown }: { readonly query?: Readonly<Record<string, string>>; readonly unknown?: string } = {},
  ): Promise<unknown> => {
    try {
      return (await api.send({ method: 'GET', path, query, signal })).body
    } catch (error) {
      if (!(error instanceof Syn2opError) || error.code !== 'target.not-allowed') throw error
      notAllowed.push({
        id: `role ${what}`,
        what: `Let the client ${config.client.id} look at ${what}`,
        why: unknown === undefined ? error.message : `${error.message}. ${unknown}`,
        lines: error.next.slice(1),
      })
      return undefined
    }
  }
  const passwordProvider = hasPasswordProvider(await read('what the server offers', '//admin/serverinfo'))
  const seen = passwordProvider === undefined ? {} : { passwordProvider }
  if (!(await isThere(api, config, signal))) return { ...seen, notAllowed }
  const realm = MAP.safeParse(await read('the realm', ''))
  const profile = MAP.safeParse(await read('the user profile', 'users/profile'))
  const aliases =
    asked.identityProviders === 'some'
      ? ALIASES.safeParse(await read('the identity providers', 'identity-provider/instances'))
      : undefined
  const clients = new Map<string, JsonMap>()
  let readable = true
  const unknown = `Whether there is a client ${asked.clientIds.join(' or ')} is not known, so none is made.`
  for (const clientId of asked.clientIds) {
    const found = z.array(MAP).safeParse(await read('the clients', 'clients', { query: { clientId }, unknown }))
    readable &&= found.success
    const [client] = found.data ?? []
    if (client !== undefined) clients.set(clientId, client)
  }
  return {
    ...seen,
    realm: realm.data ?? {},
    ...(profile.success ? { profile: profile.data } : {}),
    ...(aliases?.success ? { identityProviders: aliases.data.map(({ alias }) => alias) } : {}),
    ...(readable ? { clients } : {}),
    notAllowed: notAllowed.filter((one, index) => notAllowed.findIndex(({ id }) => id === one.id) === index),
  }
}

const hasPasswordProvider = (info: unknown): RealmState['passwordProvider'] => {
  const parsed = PROVIDERS.safeParse(info)
  if (!parsed.success) return undefined
  return PASSWORD_PROVIDER in parsed.data.providers['password-hashing'].providers ? 'there' : 'missing'
}

/** Only a client of another realm can ask after a realm that is not there: its own it could not sign in to. */
const isThere = async (api: AdminApi, config: KeycloakConfig, signal: AbortSignal): Promise<boolean> => {
  try {
    await api.send({ method: 'GET', path: '', signal })
    return true
  } catch (error) {
    if (!(error instanceof Syn2opError)) throw error
    if (error.code === 'target.not-allowed') return true
    if (error.code !== 'config.invalid') throw error
    if (config.client.realm === config.realm) throw noOneToMakeIt(config, error)
    return false
  }
}

const noOneToMakeIt = ({ realm }: KeycloakConfig, cause: Syn2opError): Syn2opError =>
  new Syn2opError('config.invalid', cause.message, {
    cause,
    next: [
      ...cause.next,
      `To have the realm ${realm} made: name a client of the realm master with the role create-realm (client.realm: master) and add --create-realm.`,
    ],
  })
