import type { MigrationRequest } from '../migration/request.ts'
import { refusedBefore } from '../migration/runs/refused-before.ts'
import { verify } from '../migration/verify.ts'
import type { RehearsalDocument, VerifyDocument } from '../report/documents.ts'
import type { ProofEnds, ThrowAwayTarget, Unproved } from './ends/throw-away-target.ts'
import { failedStep } from './failed-step.ts'
import type { Rehearsal } from './go-through.ts'
import { isSynapseAsked, synapseForProofs } from './services/synapse/synapse-for-proofs.ts'
import type { RehearsalSource } from './sources/rehearsal-source.ts'
import { stepProgress } from './step-progress.ts'
import { type Asked, whatCanBeAsked } from './what-can-be-asked.ts'
import { shownByNobody } from './what-was-shown.ts'

export interface RehearsedProofs {
  readonly document?: VerifyDocument
  /** All that was not proved, the target's own among it. */
  readonly unproved: readonly Unproved[]
  /** What was started for the proofs and is no part of the target, for people. */
  readonly services: readonly string[]
  /** How many accounts have logged in where whoever has stays; not known where the proofs ended in their midst. */
  readonly stays: number | 'not known'
  /** What kept them from being tried, or from their end. */
  readonly failure?: ReturnType<typeof failedStep>
}

const STEP = 'prove logins and tokens'

/** The proofs come after the move, and what cannot be proved is taken back like the rest. */
export const isOfProofs = ({ step }: Pick<ReturnType<typeof failedStep>, 'step'>): boolean => step === STEP

/**
 * Tries the passwords and tokens that are known of the people, where there is somebody to ask.
 * @throws the signal's reason when it is aborted; any other failure is told
 */
export const proofsOf = async (rehearsal: Rehearsal, request: MigrationRequest): Promise<RehearsedProofs> => {
  const { target, clock, backends, context } = rehearsal
  const source = await withoutRefused(rehearsal.source, request)
  const synapse = isSynapseAsked(backends) ? 'asked for' : 'not asked for'
  const { secrets, unproved, tokensTo } = whatCanBeAsked({ target, source, synapse })
  if (secrets.canaries.length + secrets.tokens.length === 0) {
    const about = unproved.filter(({ what }) => what === 'logins' || what === 'tokens')
    // What was not given to be tried stands last, and whoever reads it can help that.
    clock.skip(STEP, about.at(-1)?.why ?? 'nobody can be asked')
    return { unproved, services: [], stays: 0 }
  }
  const state: { isAsked?: true } = {}
  try {
    const proved = await clock.step(STEP, async () => {
      const { stop, services, ...addresses } = await startEnds(rehearsal, tokensTo)
      try {
        const progress = stepProgress(request.progress, STEP)
        state.isAsked = true
        return { services, document: await verify({ ...request, progress, proofs: { ...secrets, ...addresses } }) }
      } finally {
        await stop()
      }
    })
    const shown = shownByNobody(proved.document.proofs?.results ?? [])
    return { ...proved, unproved: [...unproved, ...shown], stays: staying(target, proved.document) }
  } catch (error) {
    context.signal.throwIfAborted()
    const stays = state.isAsked && canStay(target) ? 'not known' : 0
    return { unproved, services: [], stays, failure: failedStep(STEP, error) }
  }
}

/** Whom the target has refused cannot log in there: the run has said so of each, and why. */
const withoutRefused = async (source: RehearsalSource, { runs }: MigrationRequest): Promise<RehearsalSource> => {
  const refused = runs === undefined ? new Set<string>() : await refusedBefore(runs)
  const canaries = source.secrets.canaries.filter(({ mxid }) => !refused.has(mxid))
  return { ...source, secrets: { ...source.secrets, canaries } }
}

interface StartedEnds extends ProofEnds {
  readonly services: readonly string[]
}

const startEnds = async (rehearsal: Rehearsal, tokensTo: Asked['tokensTo']): Promise<StartedEnds> => {
  const { target, context } = rehearsal
  const ends = (await target.startProofs?.(context)) ?? { stop: async () => {} }
  if (tokensTo !== 'synapse') return { ...ends, services: [] }
  try {
    const synapse = await synapseForProofs(rehearsal)
    return {
      ...ends,
      homeserverUrl: synapse.url,
      services: [synapse.what],
      async stop() {
        try {
          await synapse.stop()
        } finally {
          await ends.stop()
        }
      },
    }
  } catch (error) {
    await ends.stop()
    throw error
  }
}

/** At Keycloak and Auth0 whoever has logged in stays in a rollback; at MAS they log in to a copy. */
const canStay = ({ name }: ThrowAwayTarget): boolean => name !== 'mas'

const staying = (
  target: ThrowAwayTarget,
  { proofs }: Pick<NonNullable<RehearsalDocument['proofs']>, 'proofs'>,
): number => {
  // Auth0 counts the login of who is blocked too.
  const isUse = ({ what, worked }: { readonly what: string; readonly worked: boolean }): boolean =>
    what === 'password' && (worked || target.name === 'auth0')
  const used = (proofs?.results ?? []).filter(isUse)
  return canStay(target) ? new Set(used.map(({ mxid }) => mxid)).size : 0
}
