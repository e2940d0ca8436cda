import type { FieldChange } from '../../prepare/field-change.ts'
import type { JsonMap, PrepareStep } from './step.ts'

/** The switches of a realm that make Keycloak write rows about what happens in it. */
const SWITCHES = ['eventsEnabled', 'adminEventsEnabled'] as const

export const EVENTS_STEP = 'events'

/** Switches off what records events; undefined where nothing does. */
export const eventsOff = (realm: JsonMap): PrepareStep | undefined => {
  const changes: readonly FieldChange[] = SWITCHES.filter((name) => realm[name] === true).map((name) => ({
    at: [name],
    before: true,
    after: false,
  }))
  if (changes.length === 0) return undefined
  return {
    id: EVENTS_STEP,
    what: 'Record no events while accounts are loaded',
    why: 'Each account would be written a second time, as an event. Logins and changes of other people are not recorded either, until they are switched on again.',
    work: { kind: 'change', path: '', changes },
    keepers: [],
    notes: ['After the load: syn2op keycloak prepare --events restore --apply'],
  }
}
