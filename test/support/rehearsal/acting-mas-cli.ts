/**
 * Acts as `mas-cli`, and is none: it knows the tables of MAS by our own catalogue, and of its server only what a rehearsal asks. It is
 * run as a program of its own, by the file that `actingMasCli` writes.
 */
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { compare } from 'bcryptjs'
import pg from 'pg'
import { parse } from 'yaml'
import { ulidToUuid } from '../../../src/targets/mas/config/ulid.ts'
import { masDdl } from '../../../src/targets/mas/database/schema.ts'

interface Config {
  readonly database: {
    readonly host: string
    readonly port: number
    readonly username: string
    readonly password: string
    readonly database: string
  }
  readonly http: { readonly listeners: readonly { readonly binds: readonly { readonly address: string }[] }[] }
  readonly matrix: { readonly homeserver: string; readonly endpoint: string; readonly secret: string }
  readonly passwords: { readonly schemes: readonly { readonly version: number; readonly secret?: string }[] }
  readonly secrets: { readonly keys: readonly unknown[] }
  readonly email: { readonly transport: string }
  readonly upstream_oauth2?: { readonly providers: readonly { readonly id: string; readonly issuer: string }[] }
}

type Row = Readonly<Record<string, unknown>>

const [args, configFile] = ((all: readonly string[]) => {
  const at = all.indexOf('--config')
  return at === -1 ? [all, ''] : [[...all.slice(0, at), ...all.slice(at + 2)], all[at + 1] ?? '']
})(process.argv.slice(2))

const end = (words: string): void => {
  process.stderr.write(`${words}\n`)
  process.exitCode = 1
}

const readConfig = async (): Promise<Config> => parse(await readFile(configFile, 'utf8'))

const connected = async ({ database }: Config): Promise<pg.Client> => {
  const { username: user, ...place } = database
  const client = new pg.Client({ ...place, user })
  await client.connect()
  return client
}

const withDatabase = async (work: (client: pg.Client, config: Config) => Promise<void>): Promise<void> => {
  const config = await readConfig()
  const client = await connected(config)
  await work(client, config)
  await client.end()
}

const migrate = (): Promise<void> =>
  withDatabase(async (client) => {
    for (const statement of masDdl()) await client.query(statement)
  })

const sync = (): Promise<void> =>
  withDatabase(async (client, { upstream_oauth2: { providers } = { providers: [] } }) => {
    for (const { id, issuer } of providers) {
      await client.query(
        `INSERT INTO upstream_oauth_providers (upstream_oauth_provider_id, issuer, scope, client_id, token_endpoint_auth_method, created_at)
         VALUES ($1, $2, 'openid', 'synced', 'none', now())`,
        [ulidToUuid(id), issuer],
      )
    }
  })

const bearerOf = ({ headers: { authorization = '' } }: IncomingMessage): string =>
  authorization.replace(/^Bearer /u, '')

const logIn = async (client: pg.Client, config: Config, body: Row): Promise<readonly [number, Row]> => {
  const { user } = Object(body['identifier']) as { readonly user: string }
  const localpart = user.replace(/^@/u, '').replace(/:.*$/u, '')
  const { rows } = await client.query<{ hashed_password: string; version: number; user_id: string }>(
    `SELECT p.hashed_password, p.version, u.user_id FROM users u JOIN user_passwords p USING (user_id)
     WHERE u.username = $1 AND u.locked_at IS NULL AND u.deactivated_at IS NULL`,
    [localpart],
  )
  const [found] = rows
  const pepper = config.passwords.schemes.find(({ version }) => version === found?.version)?.secret ?? ''
  const typed = `${String(body['password']).normalize('NFKC')}${pepper}`
  if (found === undefined || !(await compare(typed, found.hashed_password)))
    return [403, { errcode: 'M_FORBIDDEN', error: 'Invalid username/password' }]
  // Its homeserver has to know the device before anybody is told of it.
  const told = await fetch(new URL('_synapse/mas/upsert_device', config.matrix.endpoint), {
    method: 'POST',
    headers: { 'authorization': `Bearer ${config.matrix.secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ localpart, device_id: 'CANARY' }),
  })
  if (!told.ok) return [500, { errcode: 'M_UNKNOWN', error: `the homeserver says ${told.status}` }]
  // It hashes the password anew.
  await client.query(
    `INSERT INTO user_passwords (user_password_id, user_id, hashed_password, created_at, version)
     VALUES (gen_random_uuid(), $1, 'anew', now(), 2)`,
    [found.user_id],
  )
  return [
    200,
    { user_id: `@${localpart}:${config.matrix.homeserver}`, device_id: 'CANARY', access_token: 'mct_canary' },
  ]
}

const introspect = async (client: pg.Client, token: string): Promise<Row> => {
  const { rows } = await client.query<{ username: string; device_id: string | null }>(
    `SELECT u.username, s.device_id FROM compat_access_tokens t JOIN compat_sessions s USING (compat_session_id)
     JOIN users u USING (user_id)
     WHERE t.access_token = $1 AND s.finished_at IS NULL AND u.locked_at IS NULL AND u.deactivated_at IS NULL
       AND (t.expires_at IS NULL OR t.expires_at > now())`,
    [token],
  )
  const [found] = rows
  if (found === undefined) return { active: false }
  return {
    active: true,
    scope: 'urn:matrix:client:api:*',
    username: found.username,
    ...(found.device_id === null ? {} : { device_id: found.device_id }),
  }
}

const answer = async (client: pg.Client, config: Config, request: IncomingMessage): Promise<readonly [number, Row]> => {
  const body = await text(request)
  switch (request.url ?? '') {
    case '/health':
      return [200, {}]
    case '/_matrix/client/v3/login':
      return logIn(client, config, JSON.parse(body))
    case '/_matrix/client/v3/logout':
      return [200, {}]
    case '/oauth2/introspect':
      return bearerOf(request) === config.matrix.secret
        ? [200, await introspect(client, new URLSearchParams(body).get('token') ?? '')]
        : [401, {}]
    default:
      return [404, { errcode: 'M_UNRECOGNIZED', error: request.url ?? '' }]
  }
}

const serve = async (): Promise<void> => {
  const config = await readConfig()
  if (config.email.transport !== 'blackhole') throw new Error('it would send mail')
  if (config.secrets.keys.length === 0) throw new Error('there is no key to sign with')
  const client = await connected(config)
  const port = Number(config.http.listeners[0]?.binds[0]?.address.split(':')[1])
  createServer((request, response) => {
    answer(client, config, request).then(
      ([status, body]) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  }).listen(port, '127.0.0.1')
}

switch (args.join(' ')) {
  case '--version':
    process.stdout.write('mas-cli 0.0.0-acting\n')
    break
  case 'database migrate':
    await migrate()
    break
  case 'config sync':
    await sync()
    break
  case 'server --no-worker':
    await serve()
    break
  default:
    end(`unknown command: ${args.join(' ')}`)
}
