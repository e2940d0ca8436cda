const PREFIX = 'syn2op-rehearsal-'

/** The attribute of a realm by which it is seen whose it is: the id of a rehearsal's lease. */
export const REALM_MARK = 'syn2op_rehearsal'

export const realmNameOf = (leaseId: string): string => `${PREFIX}${leaseId}`

/** Of which lease a realm of this name would be; undefined: no rehearsal names its realm so. */
export const leaseIdOf = (name: string): string | undefined =>
  name.startsWith(PREFIX) ? name.slice(PREFIX.length) : undefined
