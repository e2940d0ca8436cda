import { counted } from '../../report/counted.ts'
import type { OutlineSection } from '../../report/outline/outline.ts'
import type { ReadinessAbility, ReadinessDeed } from '../../report/readiness-document.ts'
import { listed } from '../listed.ts'
import { clientName, sentence, shortClientName } from './names.ts'
import type { PageDetail } from './page.ts'

interface Met {
  readonly clients: readonly string[]
  /** `everything`, or `sign up and log out`. */
  readonly deeds: string
  /** Sentences: what the probes tell first, then what people see. */
  readonly causes: readonly string[]
  readonly shown: readonly string[]
}

/**
 * What people meet where they cannot do something, or not as it should be. All deeds of a client that hang on the same cause are
 * told together, and so are clients; a cause behind several rows stands once above them.
 */
export const metSection = (abilities: readonly ReadinessAbility[], detail: PageDetail): OutlineSection => {
  const all = byCause(abilities, detail)
  const shared = sharedCauses(all)
  const met = byWords(all.map((one) => ({ ...one, causes: one.causes.filter((cause) => !shared.includes(cause)) })))
  return {
    title: 'What people meet',
    sentences: shared,
    table: {
      // One wide column is read in fewer lines than two.
      columns: ['Client', 'What they meet, and why'],
      names: 1,
      rows: met.map((one) => {
        const clients = clientsWords(one, abilities, detail)
        const words = `${one.deeds}: ${wordsOf(one)}`
        return clients.length <= WIDEST
          ? [clients, words]
          : [counted(one.clients.length, 'client', 'clients'), `${clients}: ${words}`]
      }),
    },
  }
}

/** More characters of names take the room of what is said of them. */
const WIDEST = 24

interface Group extends Omit<Met, 'deeds'> {
  readonly deeds: readonly ReadinessDeed[]
}

const isTold = ({ can, because }: ReadinessAbility, detail: PageDetail): boolean =>
  detail === 'all' || (can !== 'never' && (can !== 'yes' || because.some(({ probe }) => probe !== undefined)))

/** What a client meets because of the same. */
const byCause = (abilities: readonly ReadinessAbility[], detail: PageDetail): readonly Met[] => {
  const found = new Map<string, Group>()
  for (const { client, deed, because } of abilities.filter((one) => isTold(one, detail))) {
    if (because.length === 0) continue
    const causes = because.flatMap(({ probe, words }) => (probe === undefined ? [] : [`${sentence(words)} [${probe}]`]))
    const shown = because.flatMap(({ probe, words }) => (probe === undefined ? [sentence(words)] : []))
    // What no probe tells is of one cause where the words are the same.
    const key = JSON.stringify([client, causes.length === 0 ? shown : causes])
    const before = found.get(key)
    found.set(key, {
      clients: [client],
      deeds: [...(before?.deeds ?? []), deed],
      causes,
      shown: [...new Set([...(before?.shown ?? []), ...shown])],
    })
  }
  return [...found.values()].map((group) => ({ ...group, deeds: deedsWords(group, abilities) }))
}

/** Clients that meet the same at the same deeds. */
const byWords = (all: readonly Met[]): readonly Met[] => {
  const found = new Map<string, Met>()
  for (const one of all) {
    const key = JSON.stringify([one.deeds, wordsOf(one)])
    const before = found.get(key)
    found.set(key, {
      ...one,
      clients: [...new Set([...(before?.clients ?? []), ...one.clients])],
    })
  }
  return [...found.values()]
}

/** What is behind several rows, each of which has something of its own left. */
const sharedCauses = (all: readonly Met[]): readonly string[] =>
  [...new Set(all.flatMap(({ causes }) => causes))].filter((cause) => {
    const rows = all.filter(({ causes }) => causes.includes(cause))
    return rows.length > 1 && rows.every(({ shown, causes }) => shown.length > 0 || causes.length > 1)
  })

const wordsOf = ({ causes, shown }: Pick<Met, 'causes' | 'shown'>): string => [...causes, ...shown].join(' ')

const clientsWords = ({ clients }: Met, abilities: readonly ReadinessAbility[], detail: PageDetail): string => {
  const kinds = new Set(abilities.filter(({ client }) => clients.includes(client)).map(({ kind }) => kind))
  const alike = (of: readonly ReadinessAbility[]): boolean =>
    clients.length > 1 && new Set(of.map(({ client }) => client)).size === clients.length
  if (alike(abilities)) return 'every client'
  const [kind] = kinds
  if (kinds.size === 1 && alike(abilities.filter((one) => one.kind === kind))) return `every ${kind} one`
  return clients.map(detail === 'all' ? clientName : shortClientName).join('; ')
}

const deedsWords = ({ clients, deeds }: Group, abilities: readonly ReadinessAbility[]): string => {
  const done = abilities.filter(({ client, can }) => clients.includes(client) && can !== 'never')
  const every = [...new Set(done.map(({ deed }) => deed))]
  const others = every.filter((deed) => !deeds.includes(deed))
  // Two or three are read as they are.
  if (deeds.length < 4) return listed(deeds)
  return others.length === 0 ? 'everything' : others.length === 1 ? `everything but ${others[0]}` : listed(deeds)
}
