import { type AliasOptions, aliases } from './aliases.ts'
import { inSmallLetters, withCapitalsOf } from './capitals.ts'

/** Names of hosts, with or without a port. */
export interface Servers {
  of(server: string): string
  /** One part between dots. */
  label(label: string): string
  /** The last of several parts. */
  top(label: string): string
}

/** Set aside by RFC 2606, and so nobody's. */
const NOBODYS: readonly string[] = ['example', 'test', 'invalid', 'localhost']

/** Letters that no top-level domain is made of alone; of two, those that ISO 3166 leaves to users, as xq and qx. */
const TOP = ['x', 'q'] as const

/**
 * Other names for servers: as many parts, each as long, with the same port. The same part is the same everywhere, so that what
 * stands under one domain does so still. The last part is one that nobody has.
 */
export const maskedServers = ({ draws, seen, gaveUp }: Pick<AliasOptions, 'draws' | 'seen' | 'gaveUp'>): Servers => {
  const labels = aliases({
    purpose: 'label',
    draws,
    seen,
    gaveUp,
    fold: inSmallLetters,
    dress: withCapitalsOf,
    remembers: 'all',
  })
  const tops = aliases({
    purpose: 'top',
    draws,
    seen,
    gaveUp,
    fold: inSmallLetters,
    dress: withCapitalsOf,
    shape: (text, attempt) => {
      const each = draws('top', text, attempt)
      const letters = [...text].map((letter, index) =>
        index === 0 && text.length <= 3 ? 'x' : (TOP[each.next(TOP.length)] ?? letter),
      )
      return letters.join('') + 'q'.repeat(Math.floor(attempt / 8))
    },
    remembers: 'all',
  })
  const top = (label: string): string => (NOBODYS.includes(label) ? label : tops.of(label))
  const wholes = aliases({ purpose: 'server', draws, seen, gaveUp, remembers: 'all' })
  const isNumber = (label: string): boolean => /^\d*$/u.test(label)
  const byParts = (server: string): string => {
    const [, host = '', port = ''] = /^(.*?)(:\d{1,5})?$/su.exec(server) ?? []
    const parts = host.split('.')
    return (
      parts
        .map((part, index) =>
          parts.length > 1 && index === parts.length - 1 && !isNumber(part) ? top(part) : labels.of(part),
        )
        .join('.') + port
    )
  }
  return {
    label: (label) => labels.of(label),
    top,
    of: (server) => {
      const masked = byParts(server)
      return server === '' || (masked !== server && !seen.isIn(masked)) ? masked : wholes.of(server)
    },
  }
}
