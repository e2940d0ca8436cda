import type { SettingKey } from './settings.ts'
import type { Place } from './yaml/located.ts'

/** A value as one origin gave it, in the form that syn2op.yaml has, not yet checked. */
export interface GivenValue {
  readonly raw: unknown
  readonly origin: string
  /** Where it stands, when it stands in a file. */
  readonly at?: Place
  /** The file that holds it, of a secret that has one of its own; then `at` is where that file is named. */
  readonly secretFile?: string
  /** Paths in it are relative to this folder. */
  readonly folder: string
}

/** What one origin gave. */
export type GivenValues = Partial<Record<SettingKey, GivenValue>>
