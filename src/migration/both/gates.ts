import { type Problem, Syn2opError } from '../../errors/syn2op-error.ts'
import type { PlanDocument } from '../../report/documents.ts'
import type { LinkDocument } from '../../report/link-document.ts'
import { requireClear } from '../gate.ts'
import { migrate } from '../migrate.ts'
import type { MigrationRequest } from '../request.ts'
import type { ModeAsked } from './go-on-with.ts'
import { linksBeforehand } from './plan-both.ts'
import type { BothRequest } from './request.ts'

/** One target, ready to be written to. */
export interface Passed {
  readonly asked: ModeAsked
  readonly plan: PlanDocument
}

export interface PassedBoth {
  readonly logins: Passed
  readonly accounts: Passed
  readonly links: LinkDocument
}

/**
 * Looks whether both targets and the links between them can be written, and writes nothing.
 * @throws Syn2opError check.errors, check.warnings with what stands in the way of all of them; those of the ends.
 */
export const passGates = async (
  { logins, accounts, link }: BothRequest,
  { mode, resume }: ModeAsked,
): Promise<PassedBoth> => {
  const refusals: Refusal[] = []
  const judged = async <Result>(of: string, look: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await look()
    } catch (error) {
      if (!(error instanceof Syn2opError) || !JUDGEMENTS.includes(error.code)) throw error
      refusals.push({ of, error })
      return undefined
    }
  }
  // Where people log in there is no copy that stands aside: it is filled, and brought up to date.
  const first = await judged('Keycloak', () => passGate(logins, { mode: 'migrate', resume }))
  const second = await judged('MAS', () => passGate(accounts, { mode, resume }))
  const links = first && second ? await judged('Links', () => passLinks(second, link)) : undefined
  if (first === undefined || second === undefined || links === undefined) throw allOf(refusals)
  return { logins: first, accounts: second, links }
}

/** What one of them says, kept until the others have been asked. */
interface Refusal {
  readonly of: string
  readonly error: Syn2opError
}

const JUDGEMENTS: readonly string[] = ['check.errors', 'check.warnings']

const passGate = async (request: MigrationRequest, { mode, resume }: ModeAsked): Promise<Passed> => {
  const seen: PlanDocument[] = []
  const look = async (asked: ModeAsked): Promise<Passed> => {
    await migrate({
      ...request,
      ...asked,
      confirm: async (plan) => {
        seen.push(plan)
        return false
      },
    })
    const [plan] = seen
    if (plan === undefined) throw new TypeError('a migration shows its plan before it writes')
    return { asked, plan }
  }
  try {
    return await look({ mode, resume })
  } catch (error) {
    if (!(error instanceof Syn2opError)) throw error
    // The run into the other target may be the one that did not end.
    if (resume && error.code === 'run.missing') return passGate(request, { mode, resume: false })
    // The same again, after it ended between the end of the copies and the links.
    if (mode === 'final' && error.code === 'run.final') return look({ mode: 'migrate', resume: false })
    throw error
  }
}

const passLinks = async ({ plan }: Passed, link: BothRequest['link']): Promise<LinkDocument> => {
  const links = await linksBeforehand(plan, link)
  requireClear(links)
  return links
}

const allOf = (refusals: readonly Refusal[]): Syn2opError => {
  const worst = refusals.find(({ error }) => error.code === 'check.errors') ?? refusals[0]
  if (worst === undefined) throw new TypeError('nothing stands in the way')
  const problems = refusals.flatMap(({ of, error }) =>
    error.problems.map((problem): Problem => ({ ...problem, message: `${of}: ${problem.message}` })),
  )
  return new Syn2opError(worst.error.code, worst.error.message, {
    problems,
    next: [...new Set(refusals.flatMap(({ error }) => error.next))],
    cause: worst.error,
  })
}
