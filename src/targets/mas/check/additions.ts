import pg from 'pg'
import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { counted } from '../../../report/counted.ts'
import type { MasInspection, UnknownConstraint } from '../database/inspection.ts'
import { newerMigrations } from './newer-migrations.ts'
import { listed } from './words.ts'

const id = pg.escapeIdentifier

const dropping = ({ schema, table, name, kind }: UnknownConstraint): string =>
  kind === 'unique index'
    ? `DROP INDEX ${id(schema)}.${id(name)};`
    : `ALTER TABLE ${id(schema)}.${id(table)} DROP CONSTRAINT ${id(name)};`

const constraintFindings = ({ unknownConstraints, migrations }: MasInspection): readonly Finding[] => {
  if (unknownConstraints.length === 0) return []
  const samples = unknownConstraints.map(({ table, name, kind }) => `${table}.${name} (${kind})`)
  const isNewer = newerMigrations(migrations).length > 0
  const count = unknownConstraints.length
  const drop = unknownConstraints.map(dropping)
  return isNewer
    ? [
        finding('MAS_CONSTRAINT_UNKNOWN', {
          message: `MAS has ${counted(count, 'constraint', 'constraints')} that this syn2op does not know: ${listed(samples)}.`,
          count,
          samples,
          remedy: [
            'Look for a newer syn2op. With this one, rehearse the migration on a copy first.',
            'What is not MAS’s own can be dropped for the migration:',
            ...drop,
          ],
        }),
      ]
    : [
        finding('MAS_FOREIGN_CONSTRAINT', {
          message: `${counted(count, 'constraint', 'constraints')} on MAS's tables not made by MAS: ${listed(samples)}.`,
          count,
          samples,
          remedy: [
            'Note how they are made (\\d in psql), drop them, and make them again after the migration if they are needed:',
            ...drop,
          ],
        }),
      ]
}

const triggerFindings = ({ triggers }: MasInspection): readonly Finding[] => {
  if (triggers.length === 0) return []
  const samples = triggers.map(({ table, name }) => `${table}.${name}`)
  const change = (how: 'DISABLE' | 'ENABLE') =>
    triggers.map(({ schema, table, name }) => `ALTER TABLE ${id(schema)}.${id(table)} ${how} TRIGGER ${id(name)};`)
  return [
    finding('MAS_FOREIGN_TRIGGER', {
      message: `${counted(triggers.length, 'trigger', 'triggers')} on MAS's tables would run for the rows written: ${listed(samples)}.`,
      count: triggers.length,
      samples,
      remedy: ['For the migration:', ...change('DISABLE'), 'Afterwards:', ...change('ENABLE')],
    }),
  ]
}

/** What others have added to the tables that are written, and what rows may meet there. */
export const checkAdditions = (inspection: MasInspection): readonly Finding[] => [
  ...constraintFindings(inspection),
  ...triggerFindings(inspection),
]
