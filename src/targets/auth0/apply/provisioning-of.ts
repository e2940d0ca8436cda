import { firstMarks } from '../accounts/first-marks.ts'
import type { Link } from '../accounts/links.ts'
import { closingPatch } from '../accounts/user-patch.ts'
import type { UserRequests } from '../accounts/user-requests.ts'
import type { Writer } from '../accounts/user-rules.ts'
import type { Provisioning } from '../links/scim/provision.ts'
import type { PlannedSubject } from '../plan/subject.ts'

/** The identity that is to be made by SCIM; undefined: none. */
export const linkToProvision = (requests: UserRequests): Link | undefined => {
  if (requests.kind === 'create') return requests.wanted.links.find(({ how }) => how === 'scim')
  if (requests.kind === 'rehash') return requests.others?.provision[0]
  return requests.kind === 'change' || requests.kind === 'reimport' ? requests.provision[0] : undefined
}

/** What follows the import of a user; undefined: nothing. */
export const provisioningOf = (
  { subject: { id }, requests }: Pick<PlannedSubject, 'subject' | 'requests'>,
  writer: Writer,
): Provisioning | undefined => {
  const link = linkToProvision(requests)
  if (link === undefined) return undefined
  if (requests.kind === 'create') return { id, link, closing: closingPatch(firstMarks(requests.wanted, writer)) }
  return requests.kind === 'reimport' ? { id, link, closing: closingPatch(requests.marks) } : undefined
}
