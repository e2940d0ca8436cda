import type { OwnPostgres } from '../postgres.ts'
import type { UnsteadyNetwork } from '../unsteady-network.ts'

/** A server that a run works with, and the way to it. */
export interface FaultySide {
  readonly postgres: OwnPostgres
  readonly database: string
  readonly network: UnsteadyNetwork
}

/** A kind of run that faults are rehearsed on. */
export interface FaultRoad {
  readonly name: string
  /** As it is typed, without the program's name. */
  readonly command: readonly string[]
  /** The current folder of the run. */
  readonly folder: string
  /** The folder of the runs. */
  readonly runs: string
  readonly source: FaultySide
  /** Absent where the target is no database. */
  readonly target?: FaultySide
  /** Phases in which it writes, as it tells them on stderr: where kills are aimed at. */
  readonly phases: readonly string[]
  /** Brings everything to where the run begins. */
  reset(): Promise<void>
  /** All that is left at the target, rows, definitions and journal or outcomes: equal after every way that leads to the end. */
  state(): Promise<unknown>
  /** Whether a run is there that did not end, and that `--resume` has to find. */
  isUnfinished(): Promise<boolean>
}

/** The command that goes on with a run that died: by `--resume`, which keeps the run's as-of time, or the same once more. */
export const nextCommand = ({ command }: Pick<FaultRoad, 'command'>, way: 'resume' | 'again'): readonly string[] =>
  // A rollback is gone on with by the same command.
  way === 'again' || command[0] === 'rollback'
    ? command
    : [...command.filter((word) => !word.startsWith('--as-of')), '--resume']
