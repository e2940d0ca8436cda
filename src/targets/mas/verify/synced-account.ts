import type { DeletionReason } from '../../../report/deletion-reasons.ts'
import type { SyncDeletion } from '../../../report/proof-parts.ts'

/** One account as MAS's sync sees it. */
export interface SyncedAccount {
  readonly mxid: string
  /** Its devices and e-mails in Synapse; cross-signing keys are no devices. `reason`: why it is left, null: carried. */
  readonly held: readonly {
    readonly what: SyncDeletion['what']
    readonly name: string
    readonly reason: string | null
  }[]
  /** What MAS knows of it. */
  readonly atMas: {
    readonly activeDevices: readonly string[]
    readonly endedDevices: readonly string[]
    readonly emails: readonly string[]
  }
}

/** What Synapse would lose of an account. */
export const deletionsOf = ({ mxid, held, atMas }: SyncedAccount): readonly SyncDeletion[] =>
  held.flatMap(({ what, name, reason }) => {
    const why = unknownFor({ what, name, reason }, atMas)
    return why === undefined ? [] : [{ mxid, what, name, reason: why }]
  })

const unknownFor = (
  { what, name, reason }: SyncedAccount['held'][number],
  { activeDevices, endedDevices, emails }: SyncedAccount['atMas'],
): string | undefined => {
  if (what === 'email') return emails.includes(name) ? undefined : (reason ?? because('email_missing'))
  if (activeDevices.includes(name)) return undefined
  return reason ?? because(endedDevices.includes(name) ? 'session_ended' : 'session_missing')
}

const because = (reason: DeletionReason): string => reason
