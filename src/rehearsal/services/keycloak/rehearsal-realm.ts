import { DEADLINE_LABEL, FOLDER_LABEL, PLACE_LABEL } from '../../leases/labels.ts'
import type { Lease } from '../../leases/lease.ts'
import type { Mark } from '../../leases/orphan.ts'

const PREFIX = 'syn2op-rehearsal-'

/** The attribute of a realm by which it is seen whose it is: the id of a rehearsal's lease. */
export const REALM_MARK = 'syn2op_rehearsal'

const DEADLINE_MARK = 'syn2op_deadline'
const PLACE_MARK = 'syn2op_host'
const FOLDER_MARK = 'syn2op_folder'
const KEPT_MARK = 'syn2op_kept'

export const realmNameOf = (leaseId: string): string => `${PREFIX}${leaseId}`

/** Of which lease a realm of this name would be; undefined: no rehearsal names its realm so. */
export const leaseIdOf = (name: string): string | undefined =>
  name.startsWith(PREFIX) ? name.slice(PREFIX.length) : undefined

type Attributes = Readonly<Record<string, string>>

/** What a realm says itself of its rehearsal, for a sweep that cannot see the lease: what its containers have as labels. */
export const realmMarks = ({ id, labels }: Pick<Lease, 'id' | 'labels'>): Attributes => {
  const marks = [
    [REALM_MARK, id],
    [DEADLINE_MARK, labels[DEADLINE_LABEL]],
    [PLACE_MARK, labels[PLACE_LABEL]],
    [FOLDER_MARK, labels[FOLDER_LABEL]],
  ] as const
  return Object.fromEntries(marks.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}

/** The same attributes, and that the realm is to stay. */
export const keptMarks = (attributes: Attributes): Attributes => ({ ...attributes, [KEPT_MARK]: 'true' })

/** Undefined: the realm does not say that it is of the rehearsal that its name says, or not for how long. */
export const markOfRealm = (name: string, attributes: Attributes): Mark | undefined => {
  const id = leaseIdOf(name)
  const until = new Date(attributes[DEADLINE_MARK] ?? '')
  if (id === undefined || attributes[REALM_MARK] !== id || Number.isNaN(until.getTime())) return undefined
  const { [PLACE_MARK]: place, [FOLDER_MARK]: folder = '' } = attributes
  return { id, place, folder, until, kept: attributes[KEPT_MARK] !== undefined }
}
