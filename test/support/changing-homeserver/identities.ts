import { DEMO_PROVIDERS } from '../../../src/rehearsal/demo/constants.ts'
import { did, exists, type Hand, type Operation } from './hand.ts'

/** An address of an account, if it has any. */
const addressOf = async (hand: Hand, mxid: string): Promise<string | undefined> => {
  const { rows } = await hand.client.query<{ address: string }>(
    `SELECT address FROM user_threepids WHERE user_id = $1 AND medium = 'email' ORDER BY address`,
    [mxid],
  )
  return rows[hand.draw(Math.max(rows.length, 1))]?.address
}

const addAddress = (hand: Hand, mxid: string, medium: string, address: string): Promise<boolean> =>
  did(
    hand,
    `INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at) VALUES ($1, $2, $3, $4, $4)
     ON CONFLICT (medium, address) DO UPDATE SET user_id = excluded.user_id, added_at = excluded.added_at`,
    [mxid, medium, address, hand.now()],
  )

const withAddress =
  (work: (hand: Hand, mxid: string, address: string) => Promise<boolean>): Operation =>
  async (hand) => {
    const mxid = hand.account()
    const address = await addressOf(hand, mxid)
    return address !== undefined && work(hand, mxid, address)
  }

const PROVIDERS = [...DEMO_PROVIDERS.map(({ authProvider }) => authProvider), 'saml'] as const

export const IDENTITY_OPERATIONS = {
  'e-mail added': async (hand) => {
    const mxid = hand.account()
    return (await exists(hand, mxid)) && addAddress(hand, mxid, 'email', `${hand.text('mail')}@mail.example`)
  },
  'phone added': async (hand) => {
    const mxid = hand.account()
    return (await exists(hand, mxid)) && addAddress(hand, mxid, 'msisdn', `49${hand.id()}`)
  },
  'e-mail moved': withAddress(async (hand, mxid, address) => {
    const other = hand.account()
    if (other === mxid || !(await exists(hand, other))) return false
    return addAddress(hand, other, 'email', address)
  }),
  'e-mail added again': withAddress(async (hand, mxid, address) => {
    await hand.client.query(`DELETE FROM user_threepids WHERE medium = 'email' AND address = $1`, [address])
    return addAddress(hand, mxid, 'email', address)
  }),
  'e-mail removed': withAddress((hand, _, address) =>
    did(hand, `DELETE FROM user_threepids WHERE medium = 'email' AND address = $1`, [address]),
  ),
  'identity added': async (hand) => {
    const mxid = hand.account()
    if (!(await exists(hand, mxid))) return false
    return did(hand, 'INSERT INTO user_external_ids (auth_provider, external_id, user_id) VALUES ($1, $2, $3)', [
      PROVIDERS[hand.draw(PROVIDERS.length)],
      hand.text('subject'),
      mxid,
    ])
  },
  'identity moved': async (hand) =>
    did(
      hand,
      `UPDATE user_external_ids SET user_id = $2 WHERE ctid = (
         SELECT ctid FROM user_external_ids WHERE user_id = $1 ORDER BY auth_provider, external_id LIMIT 1)`,
      [hand.account(), hand.account()],
    ),
  'identity removed': async (hand) =>
    did(
      hand,
      `DELETE FROM user_external_ids WHERE ctid = (
         SELECT ctid FROM user_external_ids WHERE user_id = $1 ORDER BY auth_provider, external_id LIMIT 1)`,
      [hand.account()],
    ),
} satisfies Readonly<Record<string, Operation>>
