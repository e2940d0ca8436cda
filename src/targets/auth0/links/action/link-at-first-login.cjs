/**
 * A post-login Action for Auth0, made by syn2op. People who moved from Synapse had identities at other providers, and Auth0 lets nobody
 * make these beforehand: each is noted in the app_metadata of the user that syn2op imported. When such a person first logs in through
 * one of the connections in the secret CONNECTIONS, Auth0 has just made a second, empty profile. This links it to the imported user.
 *
 * What proves who somebody is, is the connection with the subject that it vouches for, and nothing else. An e-mail address only helps to
 * find the user on whom that is noted.
 *
 * Auth0's search is behind what was written, by how much it does not say. So whoever is found nowhere before SETTLED_AT is asked to come
 * back, and afterwards gets in as a newcomer, who is looked for again. Newcomers of a day and more are not asked to: they were nobody
 * whom syn2op had brought, and other applications of the tenant may need them. Nor is an application that only renews its tokens.
 *
 * Secrets: TENANT_URL (https://tenant.eu.auth0.com), CLIENT_ID and CLIENT_SECRET of an application with read:users and update:users,
 * CONNECTIONS (names, with commas between them), SETTLED_AT (a time such as 2026-11-23T05:15:00Z: some minutes after the last run).
 */

/**
 * Where a profile says when nobody was found to whom it belongs: `{ since, first, last }`, at all, after the last run, and last of all.
 */
const SEARCHED = 'syn2op_searched'
const KNOWN_MS = 86_400_000
const SHORTEST_PAUSE_MS = 300_000
const LONGEST_PAUSE_MS = 86_400_000
/** Where an imported user says since when somebody's identity has been linked to it. */
const LINKED_AT = 'syn2op_linked_at'
const TOKEN = 'syn2op-management-token'

/** Auth0 ends all Actions of a login after 20 s. */
const ALL_MS = 12_000
const PAUSE_MS = 1000

const LATER = 'Your account cannot be found at this moment. Please try again in a few minutes.'
const ASK = 'Your login cannot be joined with your account. Please ask whoever runs this service.'
const CLOSED = 'This account is closed.'

/** Of an application that renews its tokens: whoever they are for has been let in before, and is not there to try again. */
const RENEWAL = 'oauth2-refresh-token'

exports.onExecutePostLogin = async (event, api) => {
  if (event.transaction?.protocol === RENEWAL) return
  const identity = unlinkedIdentity(event)
  if (identity === undefined || wasJustSearched(event)) return
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), ALL_MS)
  try {
    await join(identity, { event, api, ask: asker({ event, api, signal: stop.signal }) })
  } catch (error) {
    // Whoever went on would have a second account, without the rooms of the first.
    // biome-ignore lint/suspicious/noConsole: the log of the Action, for the administrator
    console.log(`syn2op: not linked: ${error instanceof Denied ? error.why : 'no answer'}`)
    api.access.deny(error instanceof Denied ? error.text : LATER)
  } finally {
    clearTimeout(timer)
  }
}

class Denied extends Error {
  constructor(text, why) {
    super(why)
    this.text = text
    this.why = why
  }
}

/**
 * By the user_id alone, `<strategy>|<connection>|<subject>`, of social connections without the connection. Undefined: the connection is
 * not meant, the profile was linked already and has the user_id of another, or syn2op made it.
 */
const unlinkedIdentity = ({ connection, secrets, user }) => {
  if (connection === undefined || !(secrets.CONNECTIONS ?? '').split(',').includes(connection.name)) return undefined
  const [own, prefix] = [`${connection.strategy}|`, `${connection.name}|`]
  if (!user.user_id.startsWith(own) || user.app_metadata?.syn2op !== undefined) return undefined
  const id = user.user_id.slice(own.length)
  const subject = id.startsWith(prefix) ? id.slice(prefix.length) : id
  return { provider: connection.strategy, id, note: `${prefix}${subject}` }
}

const settledAt = ({ secrets }) => Date.parse(secrets.SETTLED_AT)

/** What was remembered before the last run says nothing of those whom it brought. */
const searches = (event) => {
  const { first, last } = event.user.app_metadata?.[SEARCHED] ?? {}
  const [from, to] = [Date.parse(first), Date.parse(last)]
  return Number.isNaN(from) || Number.isNaN(to) || to < settledAt(event) ? undefined : { from, to }
}

/** Since when they are let in as a newcomer; NaN: they are not. */
const newcomerSince = ({ user }) => Date.parse(user.app_metadata?.[SEARCHED]?.since)

/** Newcomers are looked for again after minutes, then after as long as they have been known, at last once a day. */
const wasJustSearched = (event) => {
  const before = searches(event)
  if (before === undefined) return false
  const pause = Math.min(Math.max(before.to - before.from, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS)
  return Date.now() - before.to < pause
}

const join = async (identity, { event, api, ask }) => {
  const { user } = event
  const imported = await findImported(identity, { user, ask })
  if (imported === undefined) {
    const now = Date.now()
    const since = newcomerSince(event)
    if (now < settledAt(event)) {
      if (settledAt(event) - since >= KNOWN_MS) return
      throw new Denied(LATER, 'nobody is found, and not everybody may be searchable yet')
    }
    const times = { since: Number.isNaN(since) ? now : since, first: searches(event)?.from ?? now, last: now }
    const written = Object.entries(times).map(([name, at]) => [name, new Date(at).toISOString()])
    api.user.setAppMetadata(SEARCHED, Object.fromEntries(written))
    return
  }
  if (imported.blocked === true) throw new Denied(CLOSED, 'the imported user is blocked')
  if ((user.identities ?? []).length > 1) throw new Denied(ASK, 'the profile has other identities')
  api.authentication.setPrimaryUser(imported.user_id)
  await link(imported, identity, ask)
}

const findImported = async ({ note }, { user, ask }) => {
  const isMeant = (found) =>
    found.user_id !== user.user_id &&
    typeof found.app_metadata?.syn2op?.mxid === 'string' &&
    Array.isArray(found.app_metadata.matrix?.external_ids) &&
    found.app_metadata.matrix.external_ids.includes(note)
  const byEmail = user.email
    ? await ask('GET', `users-by-email?email=${encodeURIComponent(user.email.toLowerCase())}`)
    : { status: 200, body: [] }
  const sameEmail = expected(byEmail, 200).filter(isMeant)
  const found = sameEmail.length > 0 ? sameEmail : (await searched(note, ask)).filter(isMeant)
  const ids = [...new Set(found.map(({ user_id: id }) => id))]
  if (ids.length > 1) throw new Denied(ASK, 'several imported users have this identity')
  return found[0]
}

/** The index may be some seconds behind, and matches more than is meant: whom it names is read again. */
const searched = async (note, ask) => {
  const query = `app_metadata.matrix.external_ids:"${note.replace(/[\\"]/g, '\\$&')}"`
  const fields = 'search_engine=v3&fields=user_id&include_fields=true&per_page=5'
  const hits = expected(await ask('GET', `users?${fields}&q=${encodeURIComponent(query)}`), 200)
  const users = await Promise.all(hits.map(({ user_id: id }) => ask('GET', `users/${encodeURIComponent(id)}`)))
  return users.filter(({ status }) => status !== 404).map((answer) => expected(answer, 200))
}

const link = async (imported, { provider, id }, ask) => {
  const path = `users/${encodeURIComponent(imported.user_id)}`
  const answer = await ask('POST', `${path}/identities`, { provider, user_id: id })
  if (answer.status !== 201) {
    // Another login of the same person may have been a little faster.
    const { identities } = expected(await ask('GET', path), 200)
    if (!identities.some((one) => one.provider === provider && String(one.user_id) === id)) {
      throw new Denied(answer.status >= 500 || answer.status === 429 ? LATER : ASK, `linking answered ${answer.status}`)
    }
  }
  // The link counts; that it is told as well is a help for whoever looks.
  await ask('PATCH', path, { app_metadata: { [LINKED_AT]: new Date().toISOString() } }).catch(() => undefined)
}

const expected = ({ status, body }, wanted) => {
  if (status !== wanted) throw new Denied(LATER, `Auth0 answered ${status}`)
  return body
}

/** As a server's own failure: what was asked may be done all the same. */
const NO_ANSWER = { status: 599, body: undefined }

/** Asks a second time where that may help; nothing that is asked does harm when it is asked twice. */
const asker = ({ event, api, signal }) => {
  const once = async (method, path, body) => {
    const authorization = `Bearer ${await token({ event, api, signal })}`
    try {
      const answer = await fetch(`${event.secrets.TENANT_URL}/api/v2/${path}`, {
        method,
        signal,
        headers: { authorization, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
    } catch {
      return NO_ANSWER
    }
  }
  return async (method, path, body) => {
    const first = await once(method, path, body)
    if (first.status === 401) api.cache.delete(TOKEN)
    else if (first.status !== 429 && first.status < 500) return first
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    return once(method, path, body)
  }
}

const token = async ({ event, api, signal }) => {
  const cached = api.cache.get(TOKEN)
  if (cached?.value) return cached.value
  const { TENANT_URL, CLIENT_ID, CLIENT_SECRET } = event.secrets
  const answer = await fetch(`${TENANT_URL}/oauth/token`, {
    method: 'POST',
    signal,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      grant_type: 'client_credentials',
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      audience: `${TENANT_URL}/api/v2/`,
    }),
  })
  if (answer.status !== 200) throw new Denied(LATER, `no token: ${answer.status}`)
  const granted = await answer.json()
  api.cache.set(TOKEN, granted.access_token, { ttl: Math.floor(granted.expires_in * 500) })
  return granted.access_token
}
