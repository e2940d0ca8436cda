import type { PlanDocument } from '../../report/documents.ts'
import type { LinkDocument } from '../../report/link-document.ts'
import type { PlanOfTwo } from '../../report/two-targets.ts'
import { afterPlans } from '../../report/two-targets-steps.ts'
import { syn2opVersion } from '../../version.ts'
import { plan } from '../plan.ts'
import { watchRefused } from './refused.ts'
import type { BothRequest } from './request.ts'

/** Of accounts that are where they should be only once both runs have ended. */
const LATER: readonly string[] = ['LINK_USERS_MISSING']

/** Says of both targets what each would get, and what would join them. Writes nothing. */
export const planBoth = async ({ logins, accounts, link }: BothRequest): Promise<PlanOfTwo> => {
  const watched = watchRefused()
  const first = await plan({
    ...logins,
    openTarget: async (signal) => watched.target(await logins.openTarget(signal)),
  })
  const second = await plan(accounts)
  if ([first, second].some(hasErrors)) return planOfTwo([first, second], undefined)
  return planOfTwo([first, second], await linksBeforehand(second, link, watched.refused))
}

const hasErrors = ({ findings }: PlanDocument): boolean => findings.some(({ severity }) => severity === 'error')

export const planOfTwo = (plans: PlanOfTwo['plans'], links: LinkDocument | undefined): PlanOfTwo => {
  const document = {
    kind: 'plan-of-two',
    format: 1,
    syn2op: syn2opVersion(),
    serverName: plans[0].serverName,
    plans,
    ...(links === undefined ? {} : { links }),
  } as const
  return { ...document, next: afterPlans(document) }
}

/**
 * Links as they are before anybody has moved: that nobody is there whom they will lead to is not missing.
 * @param refused whom the target of the logins would not take by its plan, where there is one.
 */
export const linksBeforehand = async (
  { findings: ofAccounts }: PlanDocument,
  link: BothRequest['link'],
  refused: ReadonlyMap<string, string> = new Map(),
): Promise<LinkDocument> => {
  const standsAside = ofAccounts.some(({ code }) => code === 'MAS_COPY_ASIDE')
  const links = await link({ whom: 'everybody', action: standsAside ? 'provider' : 'look', refused })
  return { ...links, findings: links.findings.filter(({ code }) => !LATER.includes(code)), next: [] }
}
