import type { Images } from '../containers/images.ts'
import type { Backend, Way } from '../way.ts'
import { containerMas } from './container-mas.ts'
import { localMas } from './local-mas.ts'
import { type MasService, nothingRuns } from './mas-service.ts'

export interface MasWaysOptions {
  /** The program that the administrator names; then nothing else is tried. */
  readonly masCli?: string
  readonly images: Images
  /** Where it is `local`, the tables alone are too: they need no program. */
  readonly wanted?: Backend
}

/** The tables of MAS, made by us: no MAS runs. */
const tablesAlone: Way<MasService> = {
  backend: 'stand-in',
  why: async () => undefined,
  start: async () => ({ backend: 'stand-in', what: "MAS's tables, without a MAS", ...nothingRuns }),
}

/** How MAS can be had, in the order in which it is tried. */
export const masWays = ({ masCli, images, wanted }: MasWaysOptions): readonly Way<MasService>[] => {
  if (masCli !== undefined) return [localMas(masCli)]
  if (wanted === 'containers') return [containerMas(images)]
  if (wanted === 'local') return [localMas(), tablesAlone]
  if (wanted === 'stand-in') return [tablesAlone]
  return [containerMas(images), localMas(), tablesAlone]
}
