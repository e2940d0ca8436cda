import type { Canary } from '../migration/proofs/parse-secrets.ts'
import type { MigrationRequest } from '../migration/request.ts'
import { verify } from '../migration/verify.ts'
import type { RehearsalDocument, VerifyDocument } from '../report/documents.ts'
import { formatCount } from '../terminal/numbers.ts'
import type { ThrowAwayTarget, Unproved } from './ends/throw-away-target.ts'
import type { Rehearsal } from './go-through.ts'
import type { RehearsalSource } from './sources/rehearsal-source.ts'
import { stepProgress } from './step-progress.ts'

export interface RehearsedProofs {
  readonly document?: VerifyDocument
  readonly unproved: readonly Unproved[]
  /** How many accounts have logged in where whoever has stays. */
  readonly stays: number
}

const STEP = 'prove logins and tokens'

/** Tries the passwords and tokens that are known of the people, where there is somebody to ask. */
export const proofsOf = async (rehearsal: Rehearsal, request: MigrationRequest): Promise<RehearsedProofs> => {
  const { target, source, clock, context } = rehearsal
  const { secrets, unproved } = whatCanBeAsked(target, source)
  if (secrets.canaries.length + secrets.tokens.length === 0) {
    clock.skip(STEP, unproved[0]?.why ?? target.unproved[0]?.why ?? 'nobody can be asked')
    return { unproved, stays: 0 }
  }
  const document = await clock.step(STEP, async () => {
    const ends = await target.startProofs?.(context)
    const { stop = async () => {}, ...addresses } = ends ?? {}
    try {
      const progress = stepProgress(request.progress, STEP)
      return await verify({ ...request, progress, proofs: { ...secrets, ...addresses } })
    } finally {
      await stop()
    }
  })
  return { document, unproved, stays: staying(target, document) }
}

interface Asked {
  readonly secrets: RehearsalSource['secrets']
  readonly unproved: readonly Unproved[]
}

/** What a target names as unproved cannot be asked; tokens are shown to what is started for the proofs. */
const whatCanBeAsked = (target: ThrowAwayTarget, { secrets: { canaries, tokens } }: RehearsalSource): Asked => {
  const named = new Set(target.unproved.map(({ what }) => what))
  const [logins, oldTokens] = [!named.has('logins'), !named.has('tokens') && target.startProofs !== undefined]
  const typed = target.normalises === 'no' ? canaries.map(normalised) : canaries
  const changed = typed.filter(({ password }, index) => password !== canaries[index]?.password).length
  return {
    secrets: { canaries: logins ? typed : [], tokens: oldTokens ? tokens : [] },
    unproved: [
      ...(logins && changed > 0 ? [{ what: 'logins', why: normalisedWords(changed) } as const] : []),
      ...(logins && canaries.length === 0
        ? [{ what: 'logins', why: 'No password was given to be tried: --canaries FILE' } as const]
        : []),
      ...(oldTokens && tokens.length === 0
        ? [{ what: 'tokens', why: 'No old token was given to be tried: --tokens FILE' } as const]
        : []),
    ],
  }
}

/** As Synapse hashed it (Synapse, `AuthHandler.hash`: NFKC). */
const normalised = ({ mxid, password }: Canary): Canary => ({ mxid, password: password.normalize('NFKC') })

const normalisedWords = (count: number): string =>
  `${formatCount(count, 'password is', 'passwords are')} not what Synapse made of what was typed (Unicode NFKC), and the target takes what is typed as it is: as ${count === 1 ? 'its owner types it, it does' : 'their owners type them, they do'} not log in; tried was the other form`

/** At Keycloak and Auth0 whoever has logged in stays in a rollback; at MAS they log in to a copy. */
const staying = (
  { name }: ThrowAwayTarget,
  { proofs }: Pick<NonNullable<RehearsalDocument['proofs']>, 'proofs'>,
): number => {
  // Auth0 counts the login of who is blocked too.
  const used = (proofs?.results ?? []).filter(({ what, worked }) => what === 'password' && (worked || name === 'auth0'))
  return name === 'mas' ? 0 : new Set(used.map(({ mxid }) => mxid)).size
}
