import type { VerifyOfTwo } from '../../report/two-targets.ts'
import { afterVerifications } from '../../report/two-targets-steps.ts'
import { syn2opVersion } from '../../version.ts'
import type { Sample } from '../sample-fields.ts'
import { verify } from '../verify.ts'
import type { BothRequest } from './request.ts'

export interface VerifyBothRequest extends BothRequest {
  /** Of the target of the accounts. */
  readonly sample?: Sample
}

/** Compares both targets with what they should hold, and looks whether everybody who is there is linked. Writes nothing. */
export const verifyBoth = async ({ logins, accounts, link, sample }: VerifyBothRequest): Promise<VerifyOfTwo> => {
  const first = await verify(logins)
  const second = await verify({ ...accounts, ...(sample === undefined ? {} : { sample }) })
  // While a copy stands aside, so does their table.
  const isAside = second.changedSince !== undefined
  const links = isAside ? undefined : await link({ whom: 'migrated', action: 'look' })
  const document = {
    kind: 'verify-of-two',
    format: 1,
    syn2op: syn2opVersion(),
    serverName: first.serverName,
    verifications: [first, second],
    ...(links === undefined ? {} : { links: { ...links, next: [] } }),
  } as const
  return { ...document, next: afterVerifications(document) }
}
