import type { Name } from '../../slow-road/name.ts'
import { givenUp, namesIn, newNames } from '../plan/names.ts'
import type { PlannedSubject } from '../plan/subject.ts'

/** The changes of a batch by which a name becomes free that another account of the batch is to get. */
export interface FreeingChanges {
  /** Those of one step may be written at once, before those of the next and before all others. */
  readonly steps: readonly (readonly PlannedSubject[])[]
  /** Their names go round in a ring: none can be written before another has given up its own. */
  readonly ring: readonly PlannedSubject[]
  /** All names that somebody of the batch is to get. */
  readonly wanted: ReadonlySet<Name>
}

export const freeingChanges = (planned: readonly PlannedSubject[]): FreeingChanges => {
  const wanted = new Set(planned.flatMap(gets))
  const steps: (readonly PlannedSubject[])[] = []
  let left = planned.filter(
    (one) => one.requests.kind === 'change' && givenUp(one.requests).some((name) => wanted.has(name)),
  )
  for (;;) {
    const held = new Set(left.flatMap(({ requests }) => givenUp(requests)))
    const step = left.filter((one) => !gets(one).some((name) => held.has(name)))
    if (step.length === 0) return { steps, ring: left, wanted }
    steps.push(step)
    left = left.filter((one) => !step.includes(one))
  }
}

const gets = ({ requests, subject: { seen } }: PlannedSubject): readonly Name[] =>
  namesIn(newNames(requests, seen.present))
