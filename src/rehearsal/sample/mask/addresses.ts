import { type Aliases, type AliasOptions, aliases } from './aliases.ts'
import { inSmallLetters, withCapitalsOf } from './capitals.ts'
import type { DrawsOf } from './draws.ts'
import { redraw } from './redraw.ts'
import type { Servers } from './servers.ts'

type Common = Pick<AliasOptions, 'draws' | 'seen' | 'remembers' | 'gaveUp'>

/** Blanks around a text stay where they are, and what is between is masked as it would be without them. */
const within = ({ learn, of }: Aliases): Aliases => ({
  learn: (text) => learn(text.trim()),
  of: (text) => {
    const core = text.trim()
    if (core === '') return of(text)
    const at = text.indexOf(core)
    return `${text.slice(0, at)}${of(core)}${text.slice(at + core.length)}`
  },
})

/** E-mail addresses: those that differ in case alone do so still; domains are the same in all; what is no address is none. */
export const maskedEmails = ({ servers, ...common }: Common & { readonly servers: Servers }): Aliases =>
  within(
    aliases({
      ...common,
      purpose: 'email',
      fold: inSmallLetters,
      dress: withCapitalsOf,
      shape: (text, attempt, liberty) => {
        const each = common.draws('email', text, attempt)
        const at = text.lastIndexOf('@')
        if (at === -1) return redraw(text, each, liberty)
        return `${redraw(text.slice(0, at), each, liberty)}@${servers.of(text.slice(at + 1))}`
      },
    }),
  )

/** Phone numbers: one with a + is the one without it, still. */
export const maskedPhones = (common: Common): Aliases => {
  const digits = aliases({ ...common, purpose: 'phone', fold: inSmallLetters, dress: withCapitalsOf })
  const sign = (phone: string): string => (/^\+./su.test(phone) ? '+' : '')
  const rest = (phone: string): string => phone.slice(sign(phone).length)
  return {
    learn: (phone) => digits.learn(rest(phone)),
    of: (phone) => sign(phone) + digits.of(rest(phone)),
  }
}

/** Addresses of networks: each number stays as long, and what cannot be an address cannot be one still. */
export const maskedIp =
  (draws: DrawsOf) =>
  (ip: string): string => {
    const each = draws('ip', ip)
    if (ip.includes(':') && !ip.includes('.')) {
      const [groups = '', zone] = ip.split('%')
      const drawn = groups.replace(/[0-9a-f]+/giu, (group) =>
        [...group].map((_, index) => (index === 0 ? '123456789abcdef' : '0123456789abcdef')[each.next(15)]).join(''),
      )
      return zone === undefined ? drawn : `${drawn}%${redraw(zone, each)}`
    }
    if (!/^[0-9.:/f]*$/iu.test(ip)) return redraw(ip, each)
    return ip.replace(/\d+/gu, (number, at: number) => numberLike(number, ip.slice(0, at), each.next(1000)))
  }

/** As many digits, and as much beyond 255 or a network's length as before. */
const numberLike = (number: string, before: string, drawn: number): string => {
  if (before.endsWith('/')) return number
  const value = Number(number)
  const digits = String(value).length
  if (digits !== number.length || digits > 3) return number.replace(/\d/gu, (digit) => (digit === '0' ? '0' : '7'))
  const [least, most] =
    value > 255
      ? [256, 999]
      : ([
          [0, 9],
          [10, 99],
          [100, 255],
        ][digits - 1] ?? [0, 9])
  return String((least ?? 0) + (drawn % ((most ?? 0) - (least ?? 0) + 1)))
}
