import type { Settings } from '../config/settings.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { ProofRequest } from '../migration/proofs/prove-logins.ts'
import type { RehearseOptions } from '../rehearsal/rehearse.ts'
import { isRehearsed, REHEARSED_TARGETS, type RehearsedTarget } from '../rehearsal/rehearsed-targets.ts'
import { homeserverOf, type RequestContext, sourceOf } from './migration-request.ts'
import { rehearsalBackends, serversAgain } from './rehearsal-backends.ts'
import { type NamedTarget, onlyTarget } from './targets.ts'

/** Whose people, as flags say it. */
export interface PeopleFlags {
  readonly demo: boolean
  readonly accounts: number
  readonly damage: 'all' | 'none'
  readonly sample?: string | undefined
  readonly canaries?: string | undefined
  readonly tokens?: string | undefined
}

export interface RehearsalContext extends Pick<RequestContext, 'stage'> {
  readonly settings: Settings
  readonly people: PeopleFlags
  /** The settings file that was named by a flag. */
  readonly settingsFile?: string | undefined
  /** Whether everything is to be left running. */
  readonly afterwards: RehearseOptions['afterwards']
}

type FromFlags = Pick<
  RehearseOptions,
  | 'people'
  | 'afterwards'
  | 'durability'
  | 'target'
  | 'targetConfig'
  | 'mapping'
  | 'backends'
  | 'servers'
  | 'readers'
  | 'accept'
>

/** How many tables are read at the same time, unless the settings say otherwise. */
const READERS = 2

/**
 * What the settings and flags say of a rehearsal. Nothing is started yet.
 * @throws Syn2opError usage, config.*
 */
export const rehearsalOptions = async (context: RehearsalContext): Promise<FromFlags> => {
  const { settings, people, afterwards } = context
  const named = onlyTarget(settings)
  if (afterwards === 'kept' && named.name === 'auth0') throw notKept()
  return {
    afterwards,
    people: peopleOf(context),
    // Of made-up people only whether it works is asked; of others the times too.
    durability: people.demo ? 'throw-away' : 'usual',
    target: rehearsedTarget(named),
    ...(named.config === undefined ? {} : { targetConfig: named.config.value }),
    ...(named.mapping === undefined ? {} : { mapping: named.mapping.value }),
    backends: await rehearsalBackends(settings),
    servers: serversAgain(settings, context.settingsFile),
    readers: settings.concurrency?.value ?? READERS,
    accept: settings.accept?.value ?? [],
  }
}

const notKept = (): Syn2opError =>
  new Syn2opError('usage', 'The stand-in for Auth0 lives in this process: nothing of it can be kept', {
    next: ['Leave out --keep. What was done to it is in the report.'],
  })

const rehearsedTarget = ({ name }: NamedTarget): RehearsedTarget => {
  if (isRehearsed(name)) return name
  throw new Syn2opError('usage', `Nobody knows how to make a ${name} that is thrown away`, {
    next: [
      `Targets that can be rehearsed: ${REHEARSED_TARGETS.join(', ')}`,
      'Of a target of your own: point it at something you can lose, and run plan, migrate, verify and rollback there.',
    ],
  })
}

const peopleOf = (context: RehearsalContext): RehearseOptions['people'] => {
  const { demo, sample, accounts, damage, canaries, tokens } = context.people
  if (!demo && sample === undefined) return ownPeople(context)
  if (canaries !== undefined || tokens !== undefined) {
    throw new Syn2opError('usage', 'Canaries and tokens of your own are of people that a rehearsal has not', {
      next: ['Leave out --canaries and --tokens: made-up and masked people bring their own.'],
    })
  }
  if (sample === undefined) {
    return async ({ progress, ...stage }) => {
      const { demoSource } = await import('../rehearsal/sources/demo.ts')
      progress.note(`Making a homeserver of ${accounts.toLocaleString('en-US')} accounts`)
      return demoSource({ ...stage, accounts, damage })
    }
  }
  return async (stage) => {
    const { loadSample } = await import('../rehearsal/sample/load-sample.ts')
    return loadSample(sample, stage)
  }
}

const ownPeople = ({ settings, people, stage: stageFile }: RehearsalContext): RehearseOptions['people'] => {
  if (settings['synapse.config'] === undefined) {
    throw new Syn2opError('usage', 'Nobody says whose people are to be rehearsed', {
      next: [
        'Made-up ones: syn2op rehearse --demo',
        'Those of a sample: syn2op rehearse --sample FOLDER',
        'Your own, which are only read: syn2op rehearse --synapse-config homeserver.yaml',
      ],
    })
  }
  return async ({ createDatabase, progress, signal }) => {
    const { realSource } = await import('../rehearsal/sources/real.ts')
    const homeserver = await homeserverOf(settings)
    const secrets = await secretsOf(people)
    const source = await sourceOf(homeserver, stageFile)
    return realSource({ ...source, homeserver, secrets, createDatabase, progress, signal })
  }
}

const secretsOf = async ({ canaries, tokens }: PeopleFlags): Promise<Pick<ProofRequest, 'canaries' | 'tokens'>> => {
  const { readProtected } = await import('../migration/proofs/protected-file.ts')
  const { parseTokens, parseCanaries } = await import('../migration/proofs/parse-secrets.ts')
  return {
    tokens: tokens === undefined ? [] : parseTokens(await readProtected(tokens, '--tokens'), tokens),
    canaries: canaries === undefined ? [] : parseCanaries(await readProtected(canaries, '--canaries'), canaries),
  }
}
