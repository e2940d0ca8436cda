import { z } from 'zod'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { AdminApi } from '../api/admin-api.ts'
import { adminPath } from '../api/admin-path.ts'

const TEXT = z.string().default('')

const ENTRY = z.object({
  id: TEXT,
  name: TEXT,
  alias: TEXT,
  clientId: TEXT,
  builtIn: z.boolean().default(false),
  providerId: TEXT,
  providerType: TEXT,
})

type Entry = z.output<typeof ENTRY>

/** What the collections of a realm have, each by its name, as far as Keycloak does not make it with every realm. */
interface Collection {
  readonly path: string
  readonly what: string
  readonly nameOf: (entry: Entry) => string
  /** Where the Admin API has it. */
  readonly pathOf?: (entry: Entry) => string
  readonly isOwn: (entry: Entry, realm: string) => boolean
}

const CLIENTS = ['account', 'account-console', 'admin-cli', 'broker', 'realm-management', 'security-admin-console']

const ROLES = ['offline_access', 'uma_authorization']

/** Who may register clients, and the user profile, once it has been changed. */
const OWN_COMPONENTS = ['.ClientRegistrationPolicy', '.UserProfileProvider']

/** Also keys that Keycloak has generated. */
const isOwnComponent = ({ providerType, providerId, name }: Entry): boolean =>
  OWN_COMPONENTS.some((type) => providerType.endsWith(type)) ||
  (providerType.endsWith('.KeyProvider') && providerId.endsWith('-generated') && name.startsWith(providerId))

/** Source: a new realm of 26.7.3. */
const COLLECTIONS: readonly Collection[] = [
  {
    path: 'clients',
    what: 'client',
    nameOf: ({ clientId }) => clientId,
    pathOf: ({ id }) => `clients/${id}`,
    isOwn: ({ clientId }) => CLIENTS.includes(clientId),
  },
  {
    path: 'identity-provider/instances',
    what: 'identity provider',
    nameOf: ({ alias }) => alias,
    pathOf: ({ alias }) => adminPath`identity-provider/instances/${alias}`,
    isOwn: () => false,
  },
  {
    path: 'authentication/flows',
    what: 'flow',
    nameOf: ({ alias }) => alias,
    isOwn: ({ builtIn }) => builtIn,
  },
  { path: 'components', what: 'component', nameOf: ({ name }) => name, isOwn: isOwnComponent },
  {
    path: 'roles',
    what: 'role',
    nameOf: ({ name }) => name,
    isOwn: ({ name }, realm) => ROLES.includes(name) || name === `default-roles-${realm.toLowerCase()}`,
  },
  { path: 'groups', what: 'group', nameOf: ({ name }) => name, isOwn: () => false },
]

/**
 * What is in a realm beside what Keycloak makes with every realm, in words.
 * @param going paths of what is taken back before
 * @throws Syn2opError run.not-possible where Keycloak does not tell
 */
export const foreignContents = async (
  api: AdminApi,
  going: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const found: string[] = []
  for (const { path, what, nameOf, pathOf, isOwn } of COLLECTIONS) {
    const { body } = await api.send({ method: 'GET', path, signal })
    const entries = z.array(ENTRY).safeParse(body).data
    if (entries === undefined) throw untold(path)
    const foreign = entries.filter(
      (entry) => !isOwn(entry, api.realm) && !(pathOf !== undefined && going.has(pathOf(entry))),
    )
    found.push(...foreign.map((entry) => `${what} ${nameOf(entry)}`))
  }
  return found
}

const untold = (path: string): Syn2opError =>
  new Syn2opError('run.not-possible', `Keycloak does not say what the realm has (${path})`, {
    next: ["See Keycloak's own log of this moment, and that `url` leads to Keycloak itself."],
  })
