import { deviceOf, did, exists, type Hand, type Operation } from './hand.ts'

const newDevice = async (hand: Hand, mxid: string): Promise<string> => {
  const device = hand.text('DEV')
  await hand.client.query(
    `INSERT INTO devices (user_id, device_id, display_name, last_seen, ip, user_agent, hidden)
     VALUES ($1, $2, $3, $4, $5, 'Element/1.12', false)`,
    [mxid, device, hand.one(['Element', null, 'Zoë’s 📱']), hand.now(), hand.one(['198.51.100.9', '-', '2001:db8::9'])],
  )
  return device
}

const uploadKeys = (hand: Hand, mxid: string, device: string): Promise<boolean> =>
  did(
    hand,
    `INSERT INTO e2e_device_keys_json (user_id, device_id, ts_added_ms, key_json) VALUES ($1, $2, $3, '{}')
     ON CONFLICT (user_id, device_id) DO UPDATE SET ts_added_ms = excluded.ts_added_ms`,
    [mxid, device, hand.now()],
  )

const newAccessToken = async (hand: Hand, mxid: string, device: string | null, refresh?: number): Promise<void> => {
  await hand.client.query(
    `INSERT INTO access_tokens (id, user_id, device_id, token, last_validated, refresh_token_id, used, valid_until_ms)
     VALUES ($1, $2, $3, $4, $5, $6, false, $7)`,
    [
      hand.id(),
      mxid,
      device,
      hand.text('syt'),
      hand.one([hand.now(), null]),
      refresh ?? null,
      refresh === undefined ? null : hand.now() + 300_000,
    ],
  )
}

const newRefreshToken = async (hand: Hand, mxid: string, device: string): Promise<number> => {
  const id = hand.id()
  await hand.client.query('INSERT INTO refresh_tokens (id, user_id, device_id, token) VALUES ($1, $2, $3, $4)', [
    id,
    mxid,
    device,
    hand.text('syr'),
  ])
  return id
}

/** Logs in on a new device, with or without a refresh token, and uploads its keys. */
export const logIn = async (hand: Hand, mxid: string): Promise<void> => {
  const device = await newDevice(hand, mxid)
  const refresh = hand.draw(3) === 0 ? await newRefreshToken(hand, mxid, device) : undefined
  await newAccessToken(hand, mxid, device, refresh)
  if (hand.draw(2) === 0) await uploadKeys(hand, mxid, device)
}

/** As Synapse deletes a device: with its keys and every token on it. */
const deleteDevices = async (hand: Hand, mxid: string, devices: readonly string[]): Promise<boolean> => {
  for (const table of ['access_tokens', 'refresh_tokens', 'e2e_device_keys_json']) {
    await hand.client.query(`DELETE FROM ${table} WHERE user_id = $1 AND device_id = ANY ($2)`, [mxid, devices])
  }
  return did(hand, 'DELETE FROM devices WHERE user_id = $1 AND device_id = ANY ($2)', [mxid, devices])
}

/** Every session of an account but one. */
export const logOutElsewhere = async (hand: Hand, mxid: string, kept: string | undefined): Promise<void> => {
  const { rows } = await hand.client.query<{ device_id: string }>('SELECT device_id FROM devices WHERE user_id = $1', [
    mxid,
  ])
  const others = rows.map(({ device_id }) => device_id).filter((device) => device !== kept)
  await deleteDevices(hand, mxid, others)
  await hand.client.query('DELETE FROM access_tokens WHERE user_id = $1 AND device_id IS NULL', [mxid])
}

const onDevice =
  (work: (hand: Hand, mxid: string, device: string) => Promise<boolean>): Operation =>
  async (hand) => {
    const mxid = hand.account()
    const device = await deviceOf(hand, mxid)
    return device !== undefined && work(hand, mxid, device)
  }

/** A client trades its refresh token for a new pair; the old pair stays until the new one is used. */
const refresh = onDevice(async (hand, mxid, device) => {
  const { rows } = await hand.client.query<{ id: string }>(
    'SELECT id FROM refresh_tokens WHERE user_id = $1 AND device_id = $2 AND next_token_id IS NULL ORDER BY id FOR UPDATE',
    [mxid, device],
  )
  const old = rows[0]?.id
  if (old === undefined) return false
  const next = await newRefreshToken(hand, mxid, device)
  await newAccessToken(hand, mxid, device, next)
  return did(hand, 'UPDATE refresh_tokens SET next_token_id = $2 WHERE id = $1', [old, next])
})

/** The first use of a refreshed token: Synapse deletes the pair before it, in this transaction or in a later one. */
const useRefreshed = onDevice(async (hand, mxid, device) => {
  const { rows } = await hand.client.query<{ refresh_token_id: string }>(
    `UPDATE access_tokens SET used = true
     WHERE user_id = $1 AND device_id = $2 AND refresh_token_id IS NOT NULL AND NOT used RETURNING refresh_token_id`,
    [mxid, device],
  )
  if (hand.draw(2) === 0) {
    const ids = rows.map(({ refresh_token_id }) => refresh_token_id)
    await hand.client.query('DELETE FROM refresh_tokens WHERE next_token_id = ANY ($1)', [ids])
  }
  return rows.length > 0
})

export const SESSION_OPERATIONS = {
  'login': async (hand) => {
    const mxid = hand.account()
    if (!(await exists(hand, mxid))) return false
    await logIn(hand, mxid)
    return true
  },
  'login on a device that is there': onDevice(async (hand, mxid, device) => {
    await hand.client.query('DELETE FROM access_tokens WHERE user_id = $1 AND device_id = $2', [mxid, device])
    await newAccessToken(hand, mxid, device)
    return true
  }),
  'token of no device': async (hand) => {
    const mxid = hand.account()
    if (!(await exists(hand, mxid))) return false
    await newAccessToken(hand, mxid, null)
    return true
  },
  'logout': onDevice((hand, mxid, device) => deleteDevices(hand, mxid, [device])),
  're-authentication': onDevice((hand, mxid, device) =>
    did(hand, 'UPDATE access_tokens SET last_validated = $3 WHERE user_id = $1 AND device_id = $2', [
      mxid,
      device,
      hand.now(),
    ]),
  ),
  'token refreshed': refresh,
  'refreshed token used': useRefreshed,
  'last seen': onDevice((hand, mxid, device) =>
    did(hand, 'UPDATE devices SET last_seen = $3, ip = $4, user_agent = $5 WHERE user_id = $1 AND device_id = $2', [
      mxid,
      device,
      hand.now(),
      hand.one(['203.0.113.5', '2001:db8::5', '-']),
      hand.one(['Element/1.13', null]),
    ]),
  ),
  'device renamed': onDevice((hand, mxid, device) =>
    did(hand, 'UPDATE devices SET display_name = $3 WHERE user_id = $1 AND device_id = $2', [
      mxid,
      device,
      hand.text('renamed'),
    ]),
  ),
  'keys uploaded': onDevice(uploadKeys),
  'cross-signing key': async (hand) => {
    const mxid = hand.account()
    return did(
      hand,
      `INSERT INTO devices (user_id, device_id, display_name, hidden) VALUES ($1, $2, 'master signing key', true)`,
      [mxid, hand.text('ed25519')],
    )
  },
  'token deleted by hand': onDevice((hand, mxid, device) =>
    did(hand, 'DELETE FROM access_tokens WHERE user_id = $1 AND device_id = $2', [mxid, device]),
  ),
  'device deleted by hand': onDevice((hand, mxid, device) =>
    did(hand, 'DELETE FROM devices WHERE user_id = $1 AND device_id = $2', [mxid, device]),
  ),
} satisfies Readonly<Record<string, Operation>>
