import type { TableShape } from '../../../difference/table-shape.ts'
import type { Definition } from './definitions.ts'
import type { Task } from './schedule.ts'

/** The phases of a load in their order, as the journal and the progress name them. */
export const LOAD_PHASES = ['copy', 'keys', 'indexes', 'foreign keys'] as const
export type LoadPhase = (typeof LOAD_PHASES)[number]

export interface LoadWork {
  copy(shape: TableShape): Promise<void>
  create(definition: Definition): Promise<void>
}

/**
 * The whole load as tasks. A table's keys and indexes are built as soon as its rows are there, while others are
 * still copied. Foreign keys wait for all of both their tables' indexes: adding one would wait for their locks.
 */
export const loadTasks = (
  tables: readonly TableShape[],
  definitions: readonly Definition[],
  work: LoadWork,
): readonly Task[] => {
  const copies = tables.map(
    (shape): Task => ({ name: taskName('copy', shape.table), lane: 'copy', after: [], work: () => work.copy(shape) }),
  )
  const isOurs = new Set(tables.map(({ table }) => table))
  const builds = definitions
    .filter(({ kind, type }) => kind === 'index' || type !== 'f')
    .toSorted(slowestFirst)
    .map(
      (one): Task => ({
        name: taskName(one.kind === 'index' ? 'indexes' : 'keys', one.table, one.name),
        lane: 'build',
        after: [taskName('copy', one.table)],
        work: () => work.create(one),
      }),
    )
  const allBuilds = builds.map(({ name }) => name)
  const foreignKeys = definitions
    .filter(({ kind, type }) => kind === 'constraint' && type === 'f')
    .map(
      (one): Task => ({
        name: taskName('foreign keys', one.table, one.name),
        lane: 'build',
        // Which table it points at is in its text only; so all builds of all tables come first.
        after: [...allBuilds, ...(isOurs.has(one.table) ? [taskName('copy', one.table)] : [])],
        work: () => work.create(one),
      }),
    )
  return [...copies, ...builds, ...foreignKeys]
}

const taskName = (phase: LoadPhase, ...names: readonly string[]): string => `${phase}: ${names.join(' ')}`

export const phaseOfTask = (name: string): string => name.slice(0, name.indexOf(':'))

/** A trigram index takes longer than all others of its table together, so it starts first. */
const slowestFirst = (a: Definition, b: Definition): number => weight(b) - weight(a)
const weight = ({ type }: Definition): number => (type === 'gin' ? 1 : 0)
