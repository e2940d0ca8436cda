import { setTimeout as sleep } from 'node:timers/promises'
import type { TestPostgres } from '../postgres.ts'
import { callSynapse, type Json, MatrixError, textOf } from '../synapse/client.ts'

/** What a client is told: the answer's texts, or the code of the refusal. */
export interface Told {
  readonly status: number
  readonly code?: string
  readonly user?: string
  readonly device?: string
  readonly accessToken?: string
}

const told = async (asked: Promise<Json>): Promise<Told> => {
  try {
    const answer = await asked
    return {
      status: 200,
      ...('user_id' in answer && { user: textOf(answer, 'user_id') }),
      ...('device_id' in answer && { device: textOf(answer, 'device_id') }),
      ...('access_token' in answer && { accessToken: textOf(answer, 'access_token') }),
    }
  } catch (error) {
    if (!(error instanceof MatrixError)) throw error
    return { status: error.status, code: textOf(JSON.parse(error.body) as Json, 'errcode') }
  }
}

/** Who Synapse takes the token for. */
export const whoIs = (synapse: string, token: string): Promise<Told> =>
  told(callSynapse(synapse, 'GET', '/_matrix/client/v3/account/whoami', { token }))

/** Whether Synapse takes the token for an administrator's. */
export const asAdministrator = (synapse: string, token: string): Promise<Told> =>
  told(callSynapse(synapse, 'GET', '/_synapse/admin/v1/rooms?limit=1', { token }))

/** Logs in at MAS as old clients do. */
export const loginAtMas = (mas: string, mxid: string, password: string): Promise<Told> =>
  told(
    callSynapse(mas, 'POST', '/_matrix/client/v3/login', {
      body: { type: 'm.login.password', identifier: { type: 'm.id.user', user: mxid }, password },
    }),
  )

/** Exchanges the token that an SSO login ended with. */
export const loginByToken = (mas: string, token: string): Promise<Told> =>
  told(callSynapse(mas, 'POST', '/_matrix/client/v3/login', { body: { type: 'm.login.token', token } }))

export const refreshAtMas = (mas: string, token: string): Promise<Told> =>
  told(callSynapse(mas, 'POST', '/_matrix/client/v3/refresh', { body: { refresh_token: token } }))

/** Waits until MAS has provisioned every user and synced their devices, and says how many jobs failed. */
export const untilSynced = async (postgres: TestPostgres, database: string): Promise<number> => {
  const deadline = Date.now() + 120_000
  for (;;) {
    const [jobs] = await postgres.execute(
      database,
      `SELECT count(*) FILTER (WHERE status IN ('available', 'scheduled', 'running'))::integer AS open,
         count(*) FILTER (WHERE status = 'failed')::integer AS failed
       FROM queue_jobs WHERE queue_name IN ('provision-user', 'sync-devices')`,
    )
    if (jobs?.['open'] === 0) return Number(jobs['failed'])
    if (Date.now() > deadline) throw new Error(`MAS does not finish its jobs: ${JSON.stringify(jobs)}`)
    await sleep(200)
  }
}
