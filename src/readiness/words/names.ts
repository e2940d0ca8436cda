import type { ReadinessAbility, ReadinessProbe } from '../../report/readiness-document.ts'
import { formatMoment } from '../../report/words.ts'
import type { KindCan } from '../abilities/kinds.ts'
import { CLIENTS, type ClientId } from '../probes/probe.ts'

/** As people know it; of a client of another version of syn2op its id. */
export const clientName = (id: string): string => (Object.hasOwn(CLIENTS, id) ? CLIENTS[id as ClientId].name : id)

/** Clients in a row, as in the middle of a sentence: names have an `and` of their own. */
export const clientNames = (ids: readonly string[]): string =>
  ids.map((id) => clientName(id).replace(/^Apps /u, 'apps ')).join(', ')

const SHORT: Readonly<Record<ClientId, string>> = {
  'element-x': 'Element X',
  'element-web': 'Element Web, Desktop',
  'fluffychat': 'FluffyChat',
  'aware': 'Element Classic, …',
  'legacy-password': 'password apps, bots',
  'legacy-sso': 'legacy SSO (Cinny)',
}

/** As it is named in a narrow column. */
export const shortClientName = (id: string): string => (Object.hasOwn(SHORT, id) ? SHORT[id as ClientId] : id)

export const CAN_WORDS: Readonly<Record<KindCan, string>> = {
  yes: 'yes',
  some: 'some',
  no: 'no',
  unknown: 'not known',
  never: '–',
}

/** `yes, by the OP`. */
export const canWords = ({ can, by }: Pick<ReadinessAbility, 'can' | 'by'>): string =>
  by === undefined ? CAN_WORDS[can] : `${CAN_WORDS[can]}, ${by}`

/** `error`, or `warning, accepted`. */
export const levelWords = ({ level, accepted }: ReadinessProbe): string =>
  accepted === undefined ? level : `${level}, accepted`

/** With one full stop at its end. */
export const sentence = (words: string): string =>
  /[.!?…:”]$/u.test(words.trimEnd()) ? words.trimEnd() : `${words.trimEnd()}.`

/** `03:12:04 UTC`; what is no time stays as it is. */
export const clockTime = (iso: string): string => formatMoment(iso).replace(/^\d{4}-\d{2}-\d{2} /u, '')

/** What fails, worst first, and then in the order in which it was asked; what was accepted comes after what was not. */
export const worstFirst = (probes: readonly ReadinessProbe[]): readonly ReadinessProbe[] =>
  probes.filter(({ result }) => result === 'fail').toSorted((one, other) => weight(one) - weight(other))

const LEVELS = ['error', 'warning', 'info'] as const

const weight = ({ level, accepted }: ReadinessProbe): number =>
  LEVELS.indexOf(level) * 2 + (level !== 'error' && accepted !== undefined ? 1 : 0)
