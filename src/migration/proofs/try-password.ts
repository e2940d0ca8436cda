import { callMatrix, refusal } from './matrix-client.ts'
import type { Canary } from './parse-secrets.ts'
import type { Trial } from './try-token.ts'

/**
 * Whether a password logs in. The session that it makes is logged out again at once.
 * Source: Matrix specification, POST /_matrix/client/v3/login with m.login.password, POST /_matrix/client/v3/logout.
 */
export const tryPassword = async (
  { mxid, password }: Canary,
  loginUrl: string,
  signal: AbortSignal,
): Promise<Trial> => {
  const answer = await callMatrix(
    loginUrl,
    {
      method: 'POST',
      path: '_matrix/client/v3/login',
      body: {
        type: 'm.login.password',
        identifier: { type: 'm.id.user', user: mxid },
        password,
        initial_device_display_name: 'syn2op canary',
      },
    },
    signal,
  )
  if (answer.status !== 200) return { worked: false, answer: refusal(answer) }
  const { user_id: user, access_token: token } = answer.body
  if (typeof token !== 'string') return { worked: false, answer: 'was given no token' }
  const logout = await callMatrix(
    loginUrl,
    { method: 'POST', path: '_matrix/client/v3/logout', token, body: {} },
    signal,
  )
  if (user !== mxid) return { worked: false, answer: `is logged in as ${String(user)}` }
  return logout.status === 200 ? { worked: true } : { worked: true, answer: `stays logged in: ${refusal(logout)}` }
}
