import { readFile } from 'node:fs/promises'

/** A user of the operating system. */
export interface OrdinaryUser {
  readonly uid: number
  readonly gid: number
}

/** Users that systems have for such work, best first. */
const CANDIDATES = ['postgres', 'nobody'] as const

/** Finds the first of the candidates in the text of /etc/passwd. */
export const findOrdinaryUser = (passwd: string): OrdinaryUser | undefined => {
  const users = new Map<string, OrdinaryUser>()
  for (const line of passwd.split('\n')) {
    const [name, , uid, gid] = line.split(':')
    if (name !== undefined && uid !== undefined && gid !== undefined)
      users.set(name, { uid: Number(uid), gid: Number(gid) })
  }
  for (const name of CANDIDATES) {
    const user = users.get(name)
    if (user !== undefined && user.uid > 0) return user
  }
  return undefined
}

/**
 * The user a database server must run as: PostgreSQL refuses to run as root. No user is added to the system.
 * @returns undefined when we are no root ourselves, and when the system has no such user
 */
export const ordinaryUser = async (): Promise<OrdinaryUser | undefined> =>
  process.getuid?.() === 0 ? findOrdinaryUser(await readFile('/etc/passwd', 'utf8').catch(() => '')) : undefined
