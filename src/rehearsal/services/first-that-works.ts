import { type Problem, Syn2opError } from '../../errors/syn2op-error.ts'
import type { Backend, Service, StartContext, Way } from './way.ts'

export interface Choice {
  /** Only this; what was given is used all the same, since somebody asked for it by name. */
  readonly wanted?: Backend
  readonly context: StartContext
}

const BY: Readonly<Record<Backend, string>> = {
  'given': 'given',
  'containers': 'in a container',
  'local': 'of this machine',
  'stand-in': 'as a stand-in',
}

/**
 * Starts a service by the first way that works, in their order. Why others could not be used, and what is used, is noted.
 * @param name the service, for people: `PostgreSQL`
 * @throws Syn2opError rehearsal.no-backend with every way's why; whatever else a way throws ends the search
 */
export const firstThatWorks = async <Started extends Service>(
  name: string,
  ways: readonly Way<Started>[],
  { wanted, context }: Choice,
): Promise<Started> => {
  const { note, signal } = context
  const whys: Problem[] = []
  const next: string[] = []
  const refused = ({ backend }: Way<Started>, why: string): void => {
    whys.push({ message: `${name} ${BY[backend]}: ${why}` })
    note(`Not ${name} ${BY[backend]}: ${why}`)
  }
  for (const way of ways.filter(({ backend }) => wanted === undefined || [wanted, 'given'].includes(backend))) {
    signal.throwIfAborted()
    const why = await way.why(signal)
    if (why !== undefined) {
      refused(way, why)
      continue
    }
    try {
      const service = await way.start(context)
      note(`${name}: ${service.what}`)
      return service
    } catch (error) {
      if (!(error instanceof Syn2opError) || error.code !== 'rehearsal.no-backend') throw error
      refused(way, error.message)
      whys.push(...error.problems)
      next.push(...error.next)
    }
  }
  throw new Syn2opError('rehearsal.no-backend', nothing(name, wanted), { problems: whys, next: [...new Set(next)] })
}

const nothing = (name: string, wanted: Backend | undefined): string =>
  wanted === undefined ? `${name} cannot be started here` : `${name} cannot be had ${BY[wanted]}, as was asked for`
