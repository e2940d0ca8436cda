import { sql } from 'kysely'
import { someDecisions } from '../../accounts/decisions/some-accounts.ts'
import { carried, groupedBy, looksUp, told } from '../conditions.ts'
import type { FindingEntry } from '../entry.ts'

const OCTET = '(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])'

/** Four numbers, or hexadecimal digits and colons: what may be an address. */
const ADDRESS = `^(${OCTET}([.]${OCTET}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)$`

/** Findings about devices. */
export const DEVICE_FINDINGS = {
  DEVICES_REFUSED: {
    severity: 'warning',
    title: 'Devices whose id Synapse will refuse',
    why: 'With MAS, Synapse refuses a device id that is empty or longer than 255 characters. The device stays with its keys, but its person has to log in again.',
    remedy: 'Tell these people beforehand; `syn2op plan --report predictions=FILE` lists them.',
    kind: 'data',
    targets: ['mas'],
    counted: {
      by: 'rows',
      rows: [{ of: 'session', where: () => sql`${carried} AND (device_id = '' OR length(device_id) > 255)` }],
      say: told('device has', 'devices have', ' an id that is empty or longer than 255 characters'),
    },
  },
  GUEST_DEVICES_OF_PEOPLE: {
    severity: 'notice',
    title: 'Devices of people that are named guest_device',
    why: 'Every guest has a device of that name; a person may have chosen it too, or was a guest once. It is a device like any other and is carried.',
    remedy: 'Nothing to do.',
    asks: false,
    kind: 'data',
    targets: ['mas'],
    counted: {
      by: 'rows',
      rows: [{ of: 'session', where: () => sql`${carried} AND device_id = 'guest_device'` }],
      say: told('device of a person is', 'devices of people are', ' named guest_device'),
    },
  },
  DEVICE_ADDRESSES: {
    severity: 'notice',
    title: 'Devices whose last address is no IP address',
    why: 'Synapse wrote something else where the address of the device belongs. It is left out; the device is carried.',
    remedy: 'Nothing to do.',
    asks: false,
    kind: 'data',
    targets: ['mas'],
    counted: {
      by: 'rows',
      rows: [{ of: 'session', where: () => sql`${carried} AND ip NOT IN ('', '-') AND ip !~ ${sql.lit(ADDRESS)}` }],
      say: told('device has', 'devices have', ' a last address that is no IP address'),
    },
  },
  DEVICES_OF_SEVERAL_TOKENS: {
    severity: 'notice',
    title: 'Devices with several access tokens',
    why: 'One device logged in more than once under one name. They go on within one session: whoever ends that logs out all of them.',
    remedy: 'Nothing to do.',
    asks: false,
    kind: 'data',
    targets: ['mas'],
    counted: {
      by: 'query',
      query: ({ relations, rules, isCounted }) => sql`
        WITH several AS MATERIALIZED (
          SELECT t.user_id, t.device_id FROM ${relations.accessTokens} t
          WHERE t.puppets_user_id IS NULL AND t.device_id IS NOT NULL AND ${isCounted(sql`t.user_id`)}
          GROUP BY t.user_id, t.device_id
          HAVING count(*) > 1
        ),
        ${someDecisions(relations, rules, {
          users: sql`x.name IN (SELECT user_id FROM several)`,
          tokens: sql`(x.user_id, x.device_id) IN (SELECT user_id, device_id FROM several)`,
        })}
        ${groupedBy(
          sql`NULL::text`,
          sql`s.mxid`,
          sql`FROM (
            SELECT mxid FROM access_token WHERE ${carried} GROUP BY mxid, device_id HAVING count(*) > 1
          ) s`,
        )}`,
      say: told('device has', 'devices have', ' several access tokens that go on'),
    },
  },
  DEHYDRATED_DEVICES: {
    severity: 'notice',
    title: 'Dehydrated devices',
    why: 'They wait for messages while nobody is logged in. Each is carried as a session without a token, so that MAS does not have it deleted with its keys; what is in it stays in Synapse. A Synapse older than 1.156 may delete it all the same.',
    remedy: 'Upgrade Synapse to 1.156 or later before MAS is switched on.',
    kind: 'data',
    targets: ['mas'],
    counted: {
      by: 'query',
      tables: ['dehydrated_devices'],
      query: ({ raw, relations, rules, isCounted }) => {
        const dehydrated = raw('dehydrated_devices', 'user_id', 'device_id')
        if (dehydrated === undefined) return undefined
        const those = { users: sql`x.name IN (SELECT t.user_id FROM ${dehydrated} t)`, tokens: sql`false` }
        // An account has one at most.
        const shown = sql`(
          SELECT t.user_id FROM ${dehydrated} t
          JOIN ${relations.devices} d ON d.user_id = t.user_id AND d.device_id = t.device_id AND NOT d.hidden
        )`
        return sql`
          WITH ${someDecisions(relations, rules, those)}
          ${groupedBy(
            sql`NULL::text`,
            sql`account.mxid`,
            sql`FROM account
              WHERE ${carried} AND NOT is_guest AND NOT is_deactivated AND ${looksUp(shown, sql`x.user_id = mxid`)}
                AND ${isCounted(sql`account.mxid`)}`,
          )}`
      },
      say: told('dehydrated device is', 'dehydrated devices are', ' kept'),
    },
  },
} as const satisfies Record<string, FindingEntry>
