import type { RunDocument } from '../documents.ts'
import type { RollbackDocument } from '../rollback-document.ts'
import type { Stage } from '../run-parts.ts'
import { stageState, stagesSentence } from '../stage-words.ts'
import { ROLLBACK_TITLES } from '../words.ts'
import type { OutlineSection } from './outline.ts'

/** What each table of the target got, and how long each part of the work took. */
export const workOutline = ({ target, tables, phases, milliseconds }: RunDocument): readonly OutlineSection[] => [
  {
    title: `What ${target.product} got`,
    table: {
      columns: ['Table', 'Rows', 'Size', 'Time'],
      names: 1,
      rows: tables.map((one) => [one.table, one.rows, { bytes: one.bytes }, { milliseconds: one.milliseconds }]),
    },
  },
  {
    title: 'Where the time went',
    table: {
      columns: ['Phase', 'Time'],
      names: 1,
      rows: [...phases.map((one) => [one.phase, { milliseconds: one.milliseconds }]), ['in all', { milliseconds }]],
    },
  },
]

export const stagesOutline = (stages: readonly Stage[] = []): OutlineSection => ({
  title: 'Cohorts',
  ...(stages.length === 0 ? {} : { sentences: [stagesSentence(stages)] }),
  table: {
    columns: ['Cohort', 'Accounts', 'On record', 'Stage'],
    names: 1,
    rows: stages.map((stage) => [stage.name, stage.members, stage.recorded, stageState(stage)]),
  },
})

/** Rows that a rollback takes back, and what people did there since. */
export const rollbackOutline = ({ tables, lost, usedAccounts }: RollbackDocument): readonly OutlineSection[] => [
  {
    title: ROLLBACK_TITLES.rows,
    table: {
      columns: ['Table', 'Removed', 'As before', 'Ended', 'As is', 'Changed since'],
      names: 1,
      rows: tables.map((one) => [one.table, one.remove, one.restore, one.endForGood, one.stay, one.theirs]),
    },
  },
  {
    title: ROLLBACK_TITLES[usedAccounts],
    table: {
      columns: ['What', 'How many', 'Of'],
      names: 1,
      rows: lost.map(({ what, count, samples }) => [what, count, samples.join(', ')]),
    },
  },
]
