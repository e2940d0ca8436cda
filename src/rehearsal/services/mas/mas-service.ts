import type { Service, StartContext } from '../way.ts'

/** MAS's configuration, and the files with secrets that it names. */
export interface MasFiles {
  readonly configFile: string
  readonly named: readonly string[]
}

/** A MAS that answers. */
export interface RunningMas {
  /** Ends it. May be called more than once. */
  stop(): Promise<void>
}

/** MAS's own program. */
export interface MasProgram {
  /** The folder of its templates and policies, where it has to be told; absent: it finds them by itself. */
  readonly share?: string
  /** Whether paths of this machine mean anything to it. */
  readonly sees: 'files of this machine' | 'files it is given'
  /**
   * Runs one of its commands to its end.
   * @throws Syn2opError rehearsal.no-backend with its last words where it fails
   */
  run(args: readonly string[], files: MasFiles, context: StartContext): Promise<void>
  /**
   * Starts the server, and waits until it listens.
   * @throws Syn2opError rehearsal.no-backend with its last words where it does not
   */
  serve(address: { readonly url: string }, files: MasFiles, context: StartContext): Promise<RunningMas>
}

/** MAS for a rehearsal; without a program its database alone, with the tables that MAS would have made. */
export interface MasService extends Service {
  readonly program?: MasProgram
}

/** Without its worker nothing is sent to anybody, and what it would tell Synapse later stays undone. */
export const SERVER: readonly string[] = ['server', '--no-worker']

/** The program does nothing between two calls. */
export const nothingRuns: Pick<Service, 'keep' | 'stop'> = { keep: async () => {}, stop: async () => {} }
