import type { OutlineSection } from '../../report/outline/outline.ts'
import { READINESS_DEEDS, type ReadinessAbility, type ReadinessDocument } from '../../report/readiness-document.ts'
import { kindsOf } from '../abilities/kinds.ts'
import { CAN_WORDS, canWords, clientName, listed, sentence } from './names.ts'
import type { PageDetail } from './page.ts'

const DEED_TITLES = READINESS_DEEDS.map((deed) => deed.slice(0, 1).toUpperCase() + deed.slice(1))

/** Who can do what: by kind of client, by client, and what people meet where they cannot. */
export const peopleSections = ({ abilities }: ReadinessDocument, detail: PageDetail): readonly OutlineSection[] =>
  abilities.length === 0
    ? []
    : [
        {
          title: 'Who can do what',
          table: {
            columns: ['Kind of client', ...DEED_TITLES],
            names: 1,
            rows: rowsOf(
              kindsOf(abilities).map((one) => ({ ...one, name: one.kind })),
              ({ can }) => CAN_WORDS[can],
            ),
          },
        },
        {
          title: 'With which client',
          table: {
            columns: ['Client', ...DEED_TITLES],
            names: 1,
            rows: rowsOf(
              abilities.map((one) => ({ ...one, name: clientName(one.client) })),
              // How somebody logs in is what people ask for; the other ways follow from it.
              (one) => (one.deed === 'log in' || detail === 'all' ? canWords(one) : CAN_WORDS[one.can]),
            ),
          },
        },
        {
          title: 'What people meet',
          table: { columns: ['Client', 'Deed', 'What and why'], names: 2, rows: met(abilities, detail) },
        },
      ]

/** A row for each name, a cell for each deed. */
const rowsOf = <T extends { readonly name: string; readonly deed: string }>(
  all: readonly T[],
  cell: (one: T) => string,
): readonly (readonly string[])[] =>
  [...new Set(all.map(({ name }) => name))].map((name) => [
    name,
    ...READINESS_DEEDS.map((deed) => {
      const one = all.find((each) => each.name === name && each.deed === deed)
      return one === undefined ? '' : cell(one)
    }),
  ])

/** Each reason once: deeds with the same one are told together, and so are clients. */
const met = (abilities: readonly ReadinessAbility[], detail: PageDetail): readonly (readonly string[])[] => {
  const told = abilities
    .filter(
      ({ can, because }) =>
        detail === 'all' || (can !== 'never' && (can !== 'yes' || because.some(({ probe }) => probe !== undefined))),
    )
    .flatMap((one) =>
      one.because.map(({ probe, words }) => ({
        client: clientName(one.client),
        deed: one.deed,
        words: probe === undefined ? sentence(words) : `${sentence(words)} [${probe}]`,
      })),
    )
  const byClient = grouped(told, ({ client, words }) => [client, words]).map((group) => ({
    ...group[0],
    deeds: listed([...new Set(group.map(({ deed }) => deed))]),
  }))
  return grouped(byClient, ({ deeds, words }) => [deeds, words]).map((group) => [
    group.map(({ client }) => client).join(', '),
    group[0].deeds,
    group[0].words,
  ])
}

type Group<T> = readonly [T, ...T[]]

/** In the order of the first of each. */
const grouped = <T>(all: readonly T[], keyOf: (one: T) => readonly string[]): readonly Group<T>[] => {
  const groups = new Map<string, [T, ...T[]]>()
  for (const one of all) {
    const key = JSON.stringify(keyOf(one))
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return [...groups.values()]
}
