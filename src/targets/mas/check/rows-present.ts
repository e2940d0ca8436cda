import pg from 'pg'
import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { counted } from '../../../report/counted.ts'
import type { MasInspection } from '../database/inspection.ts'
import { STAGING_SCHEMA } from '../load/journal.ts'
import { listed } from './words.ts'

/** What the run is about to do. */
export type Road = 'load' | 'copy' | 'merge'

const name = pg.escapeIdentifier

const ownerOf = ({ tables, user }: MasInspection): string =>
  tables.find((table) => table.name === 'users')?.owner ?? user

/** Dropping says what is lost; only a person may do it. */
export const startAgain = (inspection: MasInspection): readonly string[] => [
  'Make sure that nothing in it is needed; then, connected to another database (all of it is lost):',
  `DROP DATABASE ${name(inspection.database)};`,
  `CREATE DATABASE ${name(inspection.database)} OWNER ${name(ownerOf(inspection))} ENCODING 'UTF8' TEMPLATE template0;`,
  'mas-cli database migrate && mas-cli config sync',
]

/** What MAS's tables hold already, judged by what is to be done with it. */
export const checkRowsPresent = (inspection: MasInspection, road: Road): readonly Finding[] => {
  if (road === 'copy') {
    if (inspection.schema !== STAGING_SCHEMA) return []
    return [
      finding('MAS_COPY_ASIDE', {
        message: `An online copy stands aside in the schema ${inspection.schema}. MAS cannot start before the final run.`,
        remedy: [
          'Bring the copy up to date as often as you like: syn2op migrate --online',
          'With Synapse stopped, finish: syn2op migrate --final',
        ],
      }),
    ]
  }
  const filled = inspection.tables.filter(({ hasRows }) => hasRows).map((table) => table.name)
  if (filled.length === 0) return []
  if (road === 'merge') {
    return [
      finding('MAS_HAS_PEOPLE', {
        message: `MAS already holds rows in ${listed(filled)}. A migration adds to them and touches no row that is not syn2op's.`,
        count: filled.length,
        samples: filled,
        remedy: ['See what would be created, changed and held back: syn2op plan', ...startAgain(inspection)],
      }),
    ]
  }
  return [
    finding('MAS_NOT_EMPTY', {
      message: `MAS already holds rows in ${listed(filled)}.`,
      count: filled.length,
      samples: filled,
      remedy: startAgain(inspection),
    }),
  ]
}

/** What is not on record passes for somebody else's: only who merges meets that. */
export const checkRecord = (road: Road, unrecorded: string | undefined): readonly Finding[] => {
  if (road !== 'merge' || unrecorded === undefined) return []
  return [
    finding('MAS_ROWS_NOT_ON_RECORD', {
      message: `Run ${unrecorded} filled MAS, but ended before its rows were on record; until they are, they pass for somebody else's.`,
      samples: [unrecorded],
      remedy: [
        'Put them on record, best before anybody uses MAS: syn2op migrate --resume',
        'Accounts that have changed since, in Synapse or at MAS, are told as conflicts and stay as they are.',
      ],
    }),
  ]
}

/**
 * Whether the tables that stand aside have missed what MAS did to its schema meanwhile.
 * @param before versions of the schema migrations when the copy was made.
 */
export const checkUpgrades = (
  inspection: MasInspection,
  road: Road,
  before: readonly number[] | undefined,
): readonly Finding[] => {
  if (road !== 'copy' || before === undefined) return []
  const now = inspection.migrations?.versions ?? []
  const since = now.filter((version) => !before.includes(version))
  if (since.length === 0) return []
  return [
    finding('MAS_UPGRADED_SINCE_COPY', {
      message: `MAS has made ${counted(since.length, 'schema migration', 'schema migrations')} since the copy was put aside: ${listed(since.map(String))}.`,
      count: since.length,
      samples: since.slice(-3).map(String),
      remedy: [
        'Where they leave the tables of the copy alone, accept this and go on.',
        'Else begin again:',
        ...startAgain(inspection),
      ],
    }),
  ]
}
