import type { Row } from './mask/masker.ts'

/** People whose way to log in is known, since it is made up, and tokens of theirs. */
export interface SampleProofs {
  /** Looks at a row of the source and what it has become. */
  see(table: string, row: Row, masked: Row): void
  /** As `--canaries` and `--tokens` read them. */
  files(password: string): { readonly canaries: string; readonly tokens: string }
}

const MOST = { canaries: 5, tokens: 10 } as const

const ORDINARY = /^@[a-z0-9._=/-]+:[^\s:]+(?::\d+)?$/u
const HEADER = /^[\x21-\x7e]+$/u

/** @param fits whether the password of somebody with this hash is the made-up one. */
export const sampleProofs = (fits: (hash: string) => boolean, serverName: string): SampleProofs => {
  const canaries: string[] = []
  const tokens: { readonly mxid: string; readonly device: string; readonly token: string }[] = []
  const seeUser = (row: Row, masked: Row): void => {
    const { name } = masked
    if (canaries.length >= MOST.canaries || !name || !ORDINARY.test(name) || !fits(row['password_hash'] ?? '')) return
    const isSet = (column: string): boolean => ['1', 'true', 't'].includes(row[column] ?? '')
    if (['is_guest', 'deactivated', 'locked', 'shadow_banned', 'suspended'].some(isSet)) return
    if (row['appservice_id'] || ['0', 'false', 'f'].includes(row['approved'] ?? '')) return
    if (name.endsWith(`:${serverName}`)) canaries.push(name)
  }
  const seeToken = ({ user_id: mxid, device_id: device, token }: Row, row: Row): void => {
    if (tokens.length >= MOST.tokens || !mxid || !device || !token || row['puppets_user_id']) return
    if (ORDINARY.test(mxid) && mxid.endsWith(`:${serverName}`) && HEADER.test(device) && HEADER.test(token)) {
      tokens.push({ mxid, device, token })
    }
  }
  return {
    see: (table, row, masked) => {
      if (table === 'users') seeUser(row, masked)
      if (table === 'access_tokens') seeToken(masked, row)
    },
    files: (password) => ({
      canaries: canaries.map((mxid) => `${mxid} ${password}\n`).join(''),
      tokens: tokens.map(({ mxid, device, token }) => `${mxid} ${device} ${token}\n`).join(''),
    }),
  }
}
