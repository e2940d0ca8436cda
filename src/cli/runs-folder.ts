import { resolve } from 'node:path'
import type { Settings } from '../config/settings.ts'

/** The folder of the runs, absolute. */
export const runsFolder = ({ runs }: Settings): string => resolve(runs?.value ?? 'syn2op-runs')
