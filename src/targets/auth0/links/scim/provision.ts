import { asDatabaseUser, DATABASE } from '../../accounts/linked-user.ts'
import { type Link, scimIdOf } from '../../accounts/links.ts'
import { isBare, isOurPrimary, primaryOf } from '../../accounts/primary-user.ts'
import { importIdOf, userIdOf } from '../../accounts/user-id.ts'
import type { UserPatch } from '../../accounts/user-patch.ts'
import { type Refused, refusedHere, type WriteAnswer } from '../../api/answers.ts'
import { linkIdentity } from '../../api/identities-api.ts'
import { createScimUser } from '../../api/scim-api.ts'
import type { PresentUser } from '../../api/user.ts'
import { deleteUser, patchUser, userById } from '../../api/users-api.ts'
import { tryAgain } from '../../apply/try-again.ts'
import type { Auth0Tenant } from '../../tenant.ts'

export interface Provisioning {
  /** The database user's. */
  readonly id: string
  readonly link: Link
  /** The marks that are true once it is done. */
  readonly closing: UserPatch
}

type Writing = Pick<Auth0Tenant, 'api' | 'census' | 'config' | 'scim'>

/**
 * Makes a user by SCIM, gives them all that is noted of the database user, and links that one to them: from then on both are one, under
 * the user_id of the first. Each step may have been done before by a run that died.
 */
export const provision = async (tenant: Writing, of: Provisioning, signal: AbortSignal): Promise<WriteAnswer> => {
  const { api, config, census } = tenant
  const again = { clock: api.clock, signal }
  const database = await userById(api, of.id, signal)
  const primaryId = scimIdOf(of.link, config.providers)
  if (primaryId === undefined) return refusedHere(`auth0.yaml names no connection ${of.link.connection}`)
  if (database === undefined) return confirmed(tenant, { id: of.id, primaryId }, signal)
  const primary = await primaryFor(tenant, { database, primaryId, link: of.link }, signal)
  if (primary !== 'ours') return primary
  const told = await tryAgain(
    () =>
      patchUser(
        api,
        primaryId,
        {
          blocked: database.blocked,
          app_metadata: { ...database.appMetadata, ...of.closing.app_metadata },
          user_metadata: database.userMetadata,
        },
        signal,
      ),
    again,
  )
  if (told.kind !== 'done') return told
  const second = { provider: DATABASE, userId: importIdOf(of.id) }
  const linked = await tryAgain(() => linkIdentity(api, primaryId, second, signal), again)
  const end = await confirmed({ api, config, census }, { id: of.id, primaryId }, signal)
  return end.kind === 'missing' && linked.kind !== 'done' ? linked : end
}

/** Whether they are linked now. */
const confirmed = async (
  { api, config, census }: Pick<Writing, 'api' | 'config' | 'census'>,
  { id, primaryId }: { readonly id: string; readonly primaryId: string },
  signal: AbortSignal,
): Promise<WriteAnswer> => {
  const found = await userById(api, primaryId, signal)
  const user = found === undefined ? undefined : asDatabaseUser(found, config.connection)
  if (user?.id !== id) return { kind: 'missing' }
  census.removed(primaryId)
  census.wrote(user)
  return { kind: 'done' }
}

interface Wanted {
  readonly database: PresentUser
  readonly primaryId: string
  readonly link: Link
}

const primaryFor = async (
  { api, census, config, scim }: Writing,
  { database, primaryId, link }: Wanted,
  signal: AbortSignal,
): Promise<'ours' | Refused> => {
  const judged = (user: PresentUser): 'ours' | Refused => {
    const isOurs = (mxid: string): boolean => userIdOf(config.connection, mxid) === database.id
    return isOurPrimary(user, { isOurs, since: primaryOf(database)?.since })
      ? 'ours'
      : refusedHere(`the identity is that of the user ${primaryId}, whom somebody else has made`)
  }
  const before = await userById(api, primaryId, signal)
  if (before !== undefined) return judged(before)
  const { subject, connection } = link
  const user = {
    userName: database.email ?? subject,
    externalId: subject,
    active: !database.blocked,
    ...(database.email === undefined ? {} : { email: database.email }),
  }
  const made = await tryAgain(() => scim.with(connection, (end) => createScimUser(api, end, user, signal), signal), {
    clock: api.clock,
    signal,
  })
  if (made.kind === 'refused') return made
  if (made.kind === 'made') {
    if (made.made.id === primaryId) return 'ours'
    const fate = await removeStray({ api, census }, made.made.id, signal)
    return refusedHere(`SCIM makes the user ${made.made.id}, whom no login as ${primaryId} would find: ${fate}`)
  }
  const after = await userById(api, primaryId, signal)
  return after === undefined ? made : judged(after)
}

/** Whoever was there when the run began, or of whom somebody has told anything, is not ours to delete. @returns what became of it */
const removeStray = async (
  { api, census }: Pick<Writing, 'api' | 'census'>,
  id: string,
  signal: AbortSignal,
): Promise<string> => {
  const stray = await userById(api, id, signal)
  if (stray === undefined) return 'it is gone'
  if (!isBare(stray) || (await census.known(signal)).byId(id) !== undefined) {
    return 'it stays, since others may have made it'
  }
  const answer = await tryAgain(() => deleteUser(api, id, signal), { clock: api.clock, signal })
  return answer.kind === 'done' ? 'it is deleted again' : 'it could not be deleted'
}

/** Of a user who is to go: whom SCIM has made goes before them, if nobody but us has to do with that one. */
export const removePrimary = async (
  { api, config, census }: Pick<Writing, 'api' | 'config' | 'census'>,
  { id, primary }: { readonly id: string; readonly primary: NonNullable<ReturnType<typeof primaryOf>> },
  signal: AbortSignal,
): Promise<WriteAnswer> => {
  const found = await userById(api, primary.id, signal)
  const isOurs = (mxid: string): boolean => userIdOf(config.connection, mxid) === id
  if (found === undefined || !isOurPrimary(found, { isOurs, since: primary.since })) return { kind: 'done' }
  if (found.loginsCount > 0 || found.lastLogin !== undefined) {
    return refusedHere(`somebody has logged in as ${primary.id}, whom SCIM has made for it`)
  }
  const answer = await tryAgain(() => deleteUser(api, primary.id, signal), { clock: api.clock, signal })
  if (answer.kind === 'done') census.removed(primary.id)
  return answer
}
