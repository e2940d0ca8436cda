import type { Cell } from '../expected-rows/cells.ts'
import type { MeantDifference, RivalDifference, SourceIndex } from './compare-with-rival.ts'

type Row = Readonly<Record<string, unknown>>

const time = (value: unknown): string => new Date(Number(value)).toISOString()

const isTokenTable = ({ table }: RivalDifference): boolean =>
  table === 'compat_access_tokens' || table === 'compat_refresh_tokens'

/** The access token that a row of MAS was made of: its own, its pair's, or the one that makes a session of no device. */
const tokenOf = ({ row }: RivalDifference, source: SourceIndex): Row | undefined =>
  source.token(row['access_token'] ?? row['deviceless_token'])

const ownTokens = (difference: RivalDifference, source: SourceIndex): readonly Row[] => {
  const { username, device_id: device } = difference.row
  const deviceless = tokenOf(difference, source)
  return device === null ? (deviceless === undefined ? [] : [deviceless]) : source.tokensOf(username, device)
}

/** What MAS takes for an access token of Synapse's. */
const isTaken = (token: Cell | undefined): boolean => {
  const text = String(token)
  if (text.startsWith('syt_')) return true
  return (
    /^[A-Za-z0-9_-]+$/.test(text) && Buffer.from(text, 'base64url').subarray(4, 13).toString('latin1') === 'location '
  )
}

const hasExpired = (pair: Row | undefined, asOf: number): boolean =>
  [pair?.['expiry_ts'], pair?.['ultimate_session_expiry_ts']].some((limit) => limit != null && Number(limit) <= asOf)

/**
 * What this project does otherwise than MAS's own importer, on purpose.
 * @param times when the rival's run began, and what stood for "now" in ours (milliseconds)
 */
export const meantDifferences = (times: {
  readonly rivalStarted: number
  readonly asOf: number
}): readonly MeantDifference[] => {
  const isNow = (cell: Cell): boolean => Date.parse(String(cell)) >= times.rivalStarted
  return [
    {
      name: 'session created: nothing validated',
      why: 'The rival writes the time of its run, so two runs differ; ours takes the next best time that Synapse knows.',
      explains: (difference, source) =>
        difference.table === 'compat_sessions' &&
        difference.what === 'created_at' &&
        isNow(difference.theirs) &&
        !isNow(difference.ours) &&
        ownTokens(difference, source).every((token) => token['last_validated'] === null),
    },
    {
      name: 'session created: several tokens',
      why: 'The rival takes the token it happens to read first (or the time of its run); ours the oldest validation.',
      explains: (difference, source) => {
        if (difference.table !== 'compat_sessions' || difference.what !== 'created_at') return false
        const tokens = ownTokens(difference, source)
        const validated = tokens.flatMap((token) =>
          token['last_validated'] === null ? [] : [time(token['last_validated'])],
        )
        return (
          tokens.length > 1 &&
          difference.ours === validated.toSorted()[0] &&
          (validated.includes(String(difference.theirs)) || isNow(difference.theirs))
        )
      },
    },
    {
      name: 'token created: never validated',
      why: 'The rival writes the time of its run; ours the creation of its session.',
      explains: (difference, source) =>
        isTokenTable(difference) &&
        difference.what === 'created_at' &&
        isNow(difference.theirs) &&
        !isNow(difference.ours) &&
        tokenOf(difference, source)?.['last_validated'] === null,
    },
    {
      name: 'session of no device: administrator',
      why: 'The rival takes the administrator’s rights from sessions of no device; the token had them at Synapse.',
      explains: ({ table, what, row, ours, theirs }, source) =>
        table === 'compat_sessions' &&
        what === 'is_synapse_admin' &&
        row['device_id'] === null &&
        ours === true &&
        theirs === false &&
        source.user(row['username'])?.['admin'] === 1,
    },
    {
      name: 'pair expired',
      why: 'MAS knows no expiry of refresh tokens: carried, a session that Synapse had ended would live again.',
      explains: (difference, source) =>
        isTokenTable(difference) &&
        difference.what === 'only theirs' &&
        hasExpired(source.refreshTokenById(tokenOf(difference, source)?.['refresh_token_id']), times.asOf),
    },
    {
      name: 'guest_device of a person',
      why: 'The rival leaves out every device of that name, so that MAS would make Synapse delete it with its keys.',
      explains: ({ table, what, row }, source) =>
        table === 'compat_sessions' &&
        what === 'only ours' &&
        row['device_id'] === 'guest_device' &&
        source.user(row['username'])?.['is_guest'] === 0,
    },
    {
      name: 'empty password hash',
      why: 'Synapse writes an empty text for users of application services that have no password; it is no hash.',
      explains: ({ table, what, row }) =>
        table === 'user_passwords' && what === 'only theirs' && row['hashed_password'] === '',
    },
    {
      name: 'email_old',
      why: 'Synapse kept these addresses aside in 2016; they are nobody’s address now.',
      explains: ({ table, what, row }) =>
        table === 'user_unsupported_third_party_ids' && what === 'only theirs' && row['medium'] === 'email_old',
    },
    {
      name: 'token that MAS refuses',
      why: 'MAS answers 401 to these tokens whoever carries them.',
      explains: (difference) =>
        isTokenTable(difference) &&
        difference.what === 'only theirs' &&
        (!isTaken(difference.row['access_token']) ||
          (difference.table === 'compat_refresh_tokens' &&
            !String(difference.row['refresh_token']).startsWith('syr_'))),
    },
  ]
}
