import type { OutlineSection } from '../../report/outline/outline.ts'
import {
  READINESS_DEEDS,
  type ReadinessAbility,
  type ReadinessDeed,
  type ReadinessDocument,
} from '../../report/readiness-document.ts'
import { kindsOf } from '../abilities/kinds.ts'
import { metSection } from './met-section.ts'
import { CAN_WORDS, canWords, clientName, shortClientName } from './names.ts'
import type { PageDetail } from './page.ts'

const DEED_TITLES = READINESS_DEEDS.map((deed) => deed.slice(0, 1).toUpperCase() + deed.slice(1))

/** That all columns stand beside each other where 100 characters are. */
const SHORT_TITLES: Readonly<Record<ReadinessDeed, string>> = {
  'log in': 'Log in',
  'sign up': 'Sign up',
  'log out': 'Log out',
  'manage account': 'Account',
  'manage devices': 'Devices',
  'log in by QR': 'QR login',
}

/** Who can do what, client by client, and what people meet where they cannot. In all detail by kind of client too. */
export const peopleSections = (
  { abilities }: ReadinessDocument,
  detail: PageDetail,
  width = Number.POSITIVE_INFINITY,
): readonly OutlineSection[] => {
  if (abilities.length === 0) return []
  const short = width < COLUMNS ? inWords : inShort
  const tables = detail === 'all' ? [ofKinds(abilities), ofClients(abilities)] : [short(abilities)]
  return [...tables, metSection(abilities, detail)]
}

/** What the table takes whose columns stand beside each other. */
const COLUMNS = 96

/** For a narrow terminal: how people log in, and the other deeds in words, such as `yes: sign up, log out; no: account`. */
const inWords = (abilities: readonly ReadinessAbility[]): OutlineSection => ({
  title: 'Who can do what',
  table: {
    columns: ['Client', 'Log in', 'All else'],
    names: 1,
    rows: [...Map.groupBy(abilities, ({ client }) => client)].map(([client, of]) => {
      const others = of.filter(({ deed, can }) => deed !== 'log in' && can !== 'never')
      const groups = Map.groupBy(others, shortCan)
      return [
        shortClientName(client),
        of
          .filter(({ deed }) => deed === 'log in')
          .map(shortCan)
          .join(''),
        [...groups]
          .map(
            ([can, group]) =>
              `${can}: ${group
                .map(({ deed }) => SHORT_TITLES[deed].replace('QR login', 'QR'))
                .join(', ')
                .toLowerCase()}`,
          )
          .join('; '),
      ]
    }),
  },
})

const inShort = (abilities: readonly ReadinessAbility[]): OutlineSection => {
  const clients = [...new Map(abilities.map((one) => [one.client, one.kind]))]
  return {
    title: 'Who can do what',
    table: {
      columns: ['Kind', 'Client', ...READINESS_DEEDS.map((deed) => SHORT_TITLES[deed])],
      names: 2,
      rows: clients.map(([client, kind], index) => [
        // Once for each group.
        clients[index - 1]?.[1] === kind ? '' : kind,
        shortClientName(client),
        ...cellsOf(
          abilities.filter((one) => one.client === client),
          shortCan,
        ),
      ]),
    },
  }
}

/** How somebody logs in is what people ask for; the other ways follow from it. */
const shortCan = ({ can, by, deed }: ReadinessAbility): string => {
  if (can === 'unknown') return 'unknown'
  const way = /OP|SSO|password/u.exec(by ?? '')?.[0]
  return deed !== 'log in' || way === undefined ? CAN_WORDS[can] : `${CAN_WORDS[can]}, ${way}`
}

const ofKinds = (abilities: readonly ReadinessAbility[]): OutlineSection => ({
  title: 'Who can do what',
  table: {
    columns: ['Kind of client', ...DEED_TITLES],
    names: 1,
    rows: rowsOf(
      kindsOf(abilities).map((one) => ({ ...one, name: one.kind })),
      ({ can }) => CAN_WORDS[can],
    ),
  },
})

const ofClients = (abilities: readonly ReadinessAbility[]): OutlineSection => ({
  title: 'With which client',
  table: {
    columns: ['Client', ...DEED_TITLES],
    names: 1,
    rows: rowsOf(
      abilities.map((one) => ({ ...one, name: clientName(one.client) })),
      canWords,
    ),
  },
})

/** A row for each name, a cell for each deed. */
const rowsOf = <T extends { readonly name: string; readonly deed: string }>(
  all: readonly T[],
  cell: (one: T) => string,
): readonly (readonly string[])[] =>
  [...new Set(all.map(({ name }) => name))].map((name) => [
    name,
    ...cellsOf(
      all.filter((one) => one.name === name),
      cell,
    ),
  ])

const cellsOf = <T extends { readonly deed: string }>(all: readonly T[], cell: (one: T) => string): readonly string[] =>
  READINESS_DEEDS.map((deed) => {
    const one = all.find((each) => each.deed === deed)
    return one === undefined ? '' : cell(one)
  })
