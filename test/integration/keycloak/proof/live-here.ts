import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { TestPostgres } from '../../../support/postgres.ts'
import { callSynapse, type Json, textOf } from '../../../support/synapse/client.ts'
import type { RunningSynapse } from '../../../support/synapse/start.ts'
import { registerAdmin } from '../../../support/synapse/story/teller.ts'
import {
  ANN,
  FOX,
  GONE,
  LINKED,
  LOCKED,
  type Origin,
  OTHER_SPELLINGS,
  PASSWORDS,
  type PasswordPerson,
  type Seen,
  SHORT,
  SIGNS,
  UNLINKED,
} from './people.ts'

const run = promisify(execFile)

export interface Homeserver {
  readonly synapse: RunningSynapse
  readonly postgres: TestPostgres
  /** The name of Synapse's database. */
  readonly database: string
  /** The Python of Synapse's virtual environment, which has the bcrypt that Synapse uses. */
  readonly python: string
  readonly pepper: string
}

const BCRYPT = `
import bcrypt, sys, unicodedata
password, pepper, cost = sys.argv[1:]
whole = unicodedata.normalize("NFKC", password) + pepper
print(bcrypt.hashpw(whole.encode("utf8")[:72], bcrypt.gensalt(int(cost))).decode("ascii"))
`

export const logIn = async (
  { baseUrl, serverName }: RunningSynapse,
  localpart: string,
  password: string,
): Promise<string> => {
  const body = {
    type: 'm.login.password',
    identifier: { type: 'm.id.user', user: `@${localpart}:${serverName}` },
    password,
    device_id: `DEVICE-${localpart}`,
  }
  return textOf(await callSynapse(baseUrl, 'POST', '/_matrix/client/v3/login', { body }), 'access_token')
}

const profileOf = (person: PasswordPerson | Seen): Json => {
  if ('title' in person) return {}
  const { displayname, emails = [], phone } = person
  return {
    ...(displayname !== undefined && { displayname }),
    threepids: [
      ...emails.map((address) => ({ medium: 'email', address })),
      ...(phone === undefined ? [] : [{ medium: 'msisdn', address: phone }]),
    ],
  }
}

/**
 * Lets everybody live at a Synapse: with their passwords, devices, names and SSO identity.
 * @param googleId the id of the person of LINKED at the provider `google`
 * @returns an access token of everybody who can log in by a password there, by localpart: proof that they could
 */
export const liveHere = async (
  { synapse, postgres, database, python, pepper }: Homeserver,
  googleId: string,
): Promise<ReadonlyMap<string, string>> => {
  const mxid = (localpart: string): string => `@${localpart}:${synapse.serverName}`
  await registerAdmin(synapse, 'boss', 'boss’s password')
  const token = await logIn(synapse, 'boss', 'boss’s password')
  const put = async (localpart: string, body: Json): Promise<void> => {
    await callSynapse(synapse.baseUrl, 'PUT', `/_synapse/admin/v2/users/${encodeURIComponent(mxid(localpart))}`, {
      token,
      body,
    })
  }
  const hashOf = async (localpart: string, password: string, origin: Origin): Promise<string> => {
    if ('cost' in origin) {
      const { stdout } = await run(python, ['-c', BCRYPT, password, pepper, String(origin.cost)])
      return stdout.trim()
    }
    const [row] = await postgres.execute(database, `SELECT password_hash FROM users WHERE name = '${mxid(localpart)}'`)
    return String(row?.['password_hash']).replace('$2b$', `$${origin.prefix}$`)
  }

  const tokens = new Map<string, string>()
  const settle = async (person: PasswordPerson | Seen): Promise<void> => {
    const { localpart, password } = person
    await put(localpart, { password, ...profileOf(person) })
    if ('origin' in person && person.origin !== undefined) {
      const hash = await hashOf(localpart, password, person.origin)
      await postgres.execute(database, `UPDATE users SET password_hash = '${hash}' WHERE name = '${mxid(localpart)}'`)
    }
    tokens.set(localpart, await logIn(synapse, localpart, password))
  }
  for (const person of PASSWORDS) await settle(person)
  for (const person of Object.values(OTHER_SPELLINGS)) await settle(person)
  for (const person of [ANN, FOX, SHORT, SIGNS, UNLINKED, LOCKED, GONE]) await settle(person)
  await put(LOCKED.localpart, { locked: true })
  await put(GONE.localpart, { deactivated: true })
  await put(LINKED.localpart, { external_ids: [{ auth_provider: 'oidc-google', external_id: googleId }] })
  return tokens
}
