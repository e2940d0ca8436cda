import type { Connection } from '../tenant.ts'

const KINDS = [/[a-z]/u, /[A-Z]/u, /[0-9]/u, /[^A-Za-z0-9]/u]

const kindsIn = (password: string): number => KINDS.filter((kind) => kind.test(password)).length

const REPEATED = /(?<letter>.)\k<letter>{2}/u

/** By the name of the policy, weakest first. */
const STRONG_ENOUGH: Readonly<Record<string, (password: string) => boolean>> = {
  none: () => true,
  low: (password) => password.length >= 6,
  fair: (password) => password.length >= 8 && KINDS.slice(0, 3).every((kind) => kind.test(password)),
  good: (password) => password.length >= 8 && kindsIn(password) >= 3,
  excellent: (password) => password.length >= 10 && kindsIn(password) >= 3 && !REPEATED.test(password),
}

/** Whether a connection takes a password for too weak; without a policy it takes all. */
export const tooWeak = (password: string, { options }: Pick<Connection, 'options'>): boolean => {
  const policy = options['passwordPolicy']
  const isStrong = typeof policy === 'string' ? STRONG_ENOUGH[policy] : undefined
  return isStrong !== undefined && !isStrong(password)
}
