import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import { deviceOf, did, exists, type Hand, type Operation } from './hand.ts'
import { logIn, logOutElsewhere } from './sessions.ts'

const newHash = (hand: Hand): string => `$2b$12$${hand.text('hash').padEnd(53, 'x').slice(-53)}`

const register = async (hand: Hand, localpart: string, columns: { is_guest: number; appservice_id: string | null }) => {
  const mxid = `@${localpart}:${DEMO.serverName}`
  await hand.client.query(
    `INSERT INTO users (name, password_hash, creation_ts, is_guest, appservice_id) VALUES ($1, $2, $3, $4, $5)`,
    [
      mxid,
      columns.is_guest === 1 ? null : newHash(hand),
      Math.floor(hand.now() / 1000),
      columns.is_guest,
      columns.appservice_id,
    ],
  )
  hand.remember(mxid)
  return mxid
}

const update =
  (assignment: string, where = 'true'): Operation =>
  (hand) =>
    did(hand, `UPDATE users SET ${assignment} WHERE name = $1 AND ${where}`, [hand.account()])

export const changePassword = async (hand: Hand, mxid: string): Promise<boolean> => {
  const changed = await did(hand, 'UPDATE users SET password_hash = $2 WHERE name = $1 AND deactivated = 0', [
    mxid,
    newHash(hand),
  ])
  // Synapse asks whether to log out everywhere else.
  if (changed && hand.draw(2) === 0) await logOutElsewhere(hand, mxid, await deviceOf(hand, mxid))
  return changed
}

export const ACCOUNT_OPERATIONS = {
  'registration': async (hand) => {
    await logIn(hand, await register(hand, hand.text('new'), { is_guest: 0, appservice_id: null }))
    return true
  },
  'guest': async (hand) => {
    await logIn(hand, await register(hand, hand.text('12'), { is_guest: 1, appservice_id: null }))
    return true
  },
  'user of an application service': async (hand) => {
    await register(hand, hand.text('irc'), { is_guest: 0, appservice_id: DEMO.appserviceId })
    return true
  },
  'guest promoted': async (hand) =>
    did(
      hand,
      `UPDATE users SET is_guest = 0, upgrade_ts = $2, password_hash = $3
       WHERE name = (SELECT min(name) FROM users WHERE is_guest = 1 AND starts_with(name, $1))`,
      [`@12_${hand.seed}_`, Math.floor(hand.now() / 1000), newHash(hand)],
    ),
  'password changed': (hand) => changePassword(hand, hand.account()),
  'password removed': update('password_hash = NULL'),
  'deactivation': async (hand) => {
    const mxid = hand.account()
    if (!(await exists(hand, mxid))) return false
    await logOutElsewhere(hand, mxid, undefined)
    for (const table of ['user_threepids', 'user_external_ids', 'account_validity']) {
      await hand.client.query(`DELETE FROM ${table} WHERE user_id = $1`, [mxid])
    }
    return did(hand, 'UPDATE users SET deactivated = 1, password_hash = NULL WHERE name = $1', [mxid])
  },
  'reactivation': async (hand) =>
    did(hand, 'UPDATE users SET deactivated = 0, password_hash = $2 WHERE name = $1 AND deactivated = 1', [
      hand.account(),
      newHash(hand),
    ]),
  'admin changed': update('admin = 1 - admin'),
  'locked or unlocked': update('locked = NOT locked'),
  'shadow-banned': update('shadow_banned = NOT coalesce(shadow_banned, false)'),
  'creation time lost': update('creation_ts = NULL'),
  'deleted by hand': async (hand) => did(hand, 'DELETE FROM users WHERE name = $1', [hand.account()]),
} satisfies Readonly<Record<string, Operation>>
