import { didYouMean } from '../errors/did-you-mean.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { Severity } from '../findings/finding.ts'
import type { RehearsalDocument } from '../report/documents.ts'
import { failureReasons } from '../report/rehearsal-reasons.ts'
import type { MovedAccount } from './moved-account.ts'
import { readable } from './readable.ts'

/** What a rehearsal came to. */
export interface RehearsalResult {
  readonly verdict: 'passed' | 'failed'
  /** Why it failed, a sentence each; empty where it passed. */
  readonly reasons: readonly string[]
  /** All that `syn2op rehearse --json` prints. */
  readonly document: RehearsalDocument
  /** Every account of the homeserver, by its Matrix id. @throws Syn2opError `run.not-possible` where nobody was moved */
  accounts(): readonly MovedAccount[]
  /** One of them. @throws Syn2opError `usage` where the homeserver has no such account, and as `accounts` */
  account(mxid: string): MovedAccount
  /** Who is held back, and why. @throws as `accounts` */
  heldBack(): readonly { readonly mxid: string; readonly reason: string }[]
  /** The codes of what was found, each once, in the order of the alphabet. @param severity absent: of every severity */
  findings(severity?: Severity): readonly string[]
}

/** @param moved undefined: the rehearsal ended before the people were moved and verified. */
export const rehearsalResult = (
  document: RehearsalDocument,
  moved: readonly MovedAccount[] | undefined,
): RehearsalResult => {
  const reasons = document.verdict === 'passed' ? [] : whyFailed(document)
  const names = new Map(moved?.map((account) => [account.mxid, account]))
  const accounts = (): readonly MovedAccount[] => {
    if (moved !== undefined) return moved
    throw readable(
      new Syn2opError(
        'run.not-possible',
        'The rehearsal ended before its people were moved: nothing is known of them',
        {
          problems: reasons.map((message) => ({ message })),
          next: ['Expect `verdict` to be passed, or look at `reasons`, before anybody is looked at.'],
        },
      ),
    )
  }
  return {
    verdict: document.verdict,
    reasons,
    document,
    accounts,
    account: (mxid) => {
      accounts()
      const found = names.get(mxid)
      if (found !== undefined) return found
      const meant = didYouMean(mxid, [...names.keys()])
      throw readable(
        new Syn2opError('usage', `The homeserver has no account ${mxid}`, {
          next: [meant === undefined ? 'Give the full name: @alice:demo.example' : `Did you mean ${meant}?`],
        }),
      )
    },
    heldBack: () =>
      accounts().flatMap(({ mxid, decision, reason }) =>
        decision === 'hold back' ? [{ mxid, reason: reason ?? '' }] : [],
      ),
    findings: (severity) => {
      const found = document.plan.findings.filter((each) => severity === undefined || each.severity === severity)
      return [...new Set(found.map(({ code }) => code))].toSorted()
    },
  }
}

const whyFailed = (document: RehearsalDocument): readonly string[] => {
  const reasons = failureReasons(document).map(({ words }) => words)
  // The findings of the check itself are not in the document.
  return reasons.length > 0 ? reasons : ['The check found errors.']
}
