import type { AccountChange, Outcome } from '../changes.ts'
import type { BatchSoFar } from '../target.ts'
import { credited, type Sent, withTouched } from './credit.ts'
import type { Name } from './name.ts'
import type { RunNames } from './run-names.ts'
import type { Unreported } from './unreported.ts'

/** An account that is being written. */
interface Written {
  readonly subject: { readonly id: string; readonly gives?: readonly Name[] }
  readonly change: AccountChange
  readonly requests: { readonly kind: string }
}

/** How everybody of a batch has ended so far, while it is applied. */
export interface BatchBook<Planned, Again> {
  /** Notes that something is about to be sent for an account. */
  sends(planned: Planned): void
  ends(planned: Planned, outcome: Outcome): void
  /** It waits for an account of another batch: this one ends without it. */
  putsOff(planned: Planned): void
  /** It is not as it was planned for, and is to be looked at anew once all others are done. */
  looksAgain(again: Again): void
}

export interface BookKeeping<Planned> {
  readonly unreported: Unreported
  readonly runNames: RunNames
  /** How that ends which is sent for requests of a kind; absent: nothing is sent for them. */
  readonly sent: Readonly<Partial<Record<string, Sent['outcome']>>>
  /** What was there of an account when it was planned. */
  readonly foundOf: (planned: Planned) => Parameters<typeof credited>[2]
}

/** @param outcomes is filled, by Matrix id */
export const openBook = <Planned extends Written, Again extends { readonly planned: Planned }>(
  { unreported, runNames, sent, foundOf }: BookKeeping<Planned>,
  outcomes: Map<string, Outcome>,
): BatchBook<Planned, Again> & { soFar(): BatchSoFar; takeAgain(): readonly Again[] } => {
  const again: Again[] = []
  let rejected = 0
  return {
    soFar: () => ({ attempted: outcomes.size, rejected }),
    sends({ change: { mxid, rows }, requests }) {
      const outcome = sent[requests.kind]
      if (outcome !== undefined) unreported.note(mxid, { outcome, rows })
    },
    ends(planned, outcome) {
      const { mxid } = outcome
      const before = unreported.of(mxid)
      const told = before === undefined ? outcome : credited(outcome, before, foundOf(planned))
      outcomes.set(mxid, withTouched(told, unreported.touched(mxid)))
      if (outcome.outcome === 'rejected') rejected++
      runNames.gives(planned.subject.id, [])
    },
    putsOff: ({ subject: { id, gives = [] } }) => runNames.gives(id, gives),
    looksAgain(one) {
      const { requests, change } = one.planned
      // Whoever was to be made comes again only once it is known that they were not.
      if (requests.kind === 'create') unreported.undo([change.mxid])
      again.push(one)
    },
    takeAgain: () => again.splice(0),
  }
}
