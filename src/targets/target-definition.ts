import type { HomeserverConfig } from '../synapse/homeserver.ts'
import type { Target } from './target.ts'

/**
 * What another package exports as `target`: `--target ./file.js`, `--target package`, or an oclif plugin's hook
 * `syn2op:targets` find it.
 */
export interface TargetDefinition {
  readonly name: string
  /** The version of this interface that it was written for. */
  readonly apiVersion: 1
  /**
   * @param options.configFiles what `--target-config` names; the target reads them itself.
   * @throws Syn2opError config.invalid with every problem, its file and line.
   */
  open(options: TargetOptions): Promise<Target>
}

export interface TargetOptions {
  readonly configFiles: readonly string[]
  readonly homeserver: HomeserverConfig
  readonly signal: AbortSignal
}
