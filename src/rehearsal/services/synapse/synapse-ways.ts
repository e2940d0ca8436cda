import type { Images } from '../containers/images.ts'
import { containerSynapse } from './container-synapse.ts'
import { localSynapse } from './local-synapse.ts'
import type { SynapseWay, SynapseWish } from './synapse-service.ts'

export interface SynapseWays {
  readonly images: Images
  /** The program of a Python that has matrix-synapse and psycopg2. */
  readonly python?: string
  readonly wish: SynapseWish
}

/** How a throw-away Synapse can be had, in the order in which that is tried. */
export const synapseWays = ({ images, python, wish }: SynapseWays): readonly SynapseWay[] => [
  containerSynapse(images, wish),
  localSynapse(python, wish),
]
