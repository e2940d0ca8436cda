import { callMatrix, refusal } from './matrix-client.ts'
import type { OldToken } from './parse-secrets.ts'

export interface Trial {
  readonly worked: boolean
  /** What the server said instead. */
  readonly answer?: string
}

/**
 * Whether an old access token still belongs to the same user and device.
 * Source: Matrix specification, GET /_matrix/client/v3/account/whoami.
 */
export const tryToken = async (
  { mxid, device, token }: OldToken,
  homeserverUrl: string,
  signal: AbortSignal,
): Promise<Trial> => {
  const answer = await callMatrix(
    homeserverUrl,
    { method: 'GET', path: '_matrix/client/v3/account/whoami', token },
    signal,
  )
  if (answer.status !== 200) return { worked: false, answer: refusal(answer) }
  const { user_id: user, device_id: answered } = answer.body
  if (user !== mxid) return { worked: false, answer: `is taken for ${String(user)}` }
  // A server may name a device where Synapse had none; a device that was there must be the same.
  if (device !== undefined && answered !== device) {
    return { worked: false, answer: `is taken for the device ${String(answered)}` }
  }
  return { worked: true }
}
