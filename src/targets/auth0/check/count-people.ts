import type { Person } from '../../../accounts/account.ts'
import { personAsAccount } from '../../../accounts/person-as-account.ts'
import { type Named, tally } from '../../../findings/named.ts'
import { placeAttributes } from '../accounts/attributes.ts'
import { isWithinProfile } from '../accounts/fit-profile.ts'
import type { UserRules } from '../accounts/user-rules.ts'
import { usernameFor } from '../accounts/username.ts'
import { addressAt, placeThreepids } from '../accounts/wanted-threepids.ts'
import { wantedUser } from '../accounts/wanted-user.ts'
import { judgeName } from './judge-name.ts'

/** Everybody who migrates, held against a connection. */
export interface PeopleCounts {
  readonly all: number
  readonly names: NameCounts
  /** Without an e-mail address that Auth0 takes as somebody's first one. */
  readonly withoutEmail: Named
  /** Of those, who is deactivated: Synapse has removed their addresses. */
  readonly closedWithoutEmail: number
  /** Without a phone number, where the connection takes one. */
  readonly withoutPhone: Named
  /** With nothing at all by which Auth0 knows somebody. */
  readonly nameless: Named
  /** With phone numbers that are kept in the metadata. */
  readonly phonesKept: Named
  /** Of whom something finds no room. */
  readonly large: Named
}

/** Who is deactivated logs in nowhere: only what keeps an account from being moved is counted of those. */
export interface NameCounts {
  /** Whom the connection takes no username of, since it takes none at all. */
  readonly notTaken: Named
  /** Whose username is too long or too short for this connection, and not for every one. */
  readonly length: Named
  /** Who gets none, since theirs is unfit. */
  readonly left: Named
  /** Whose username is spelled otherwise at Auth0. */
  readonly escaped: Named
  /** Of a few of those, such as `a/b → a~2fb`. */
  readonly spellings: readonly string[]
}

const SPELLINGS = 3

/** @param people from the beginning at each call */
export const countPeople = async (people: () => AsyncIterable<Person>, rules: UserRules): Promise<PeopleCounts> => {
  const names = { notTaken: tally(), length: tally(), left: tally(), escaped: tally() }
  const [withoutEmail, withoutPhone, nameless, phonesKept, large] = [tally(), tally(), tally(), tally(), tally()]
  const spellings: string[] = []
  let [all, closedWithoutEmail] = [0, 0]
  for await (const person of people()) {
    all++
    const { mxid, isDeactivated } = person
    const name = person.username ?? person.localpart
    const found = usernameFor(name, rules)
    const verdict = judgeName(name, found, rules)
    if (verdict !== 'fit' && verdict !== 'refused' && (verdict === 'length' || !isDeactivated)) {
      names[verdict].add(mxid)
      if (verdict === 'escaped' && found.kind === 'fit' && spellings.length < SPELLINGS) {
        spellings.push(`${name} → ${found.username}`)
      }
    }
    const { threepids } = placeThreepids(personAsAccount(person), rules.takes)
    const [email, phone] = [addressAt(threepids, 'email'), addressAt(threepids, 'phone')]
    if (email === undefined) withoutEmail.add(mxid)
    if (email === undefined && isDeactivated) closedWithoutEmail++
    if (phone === undefined) withoutPhone.add(mxid)
    if (email === undefined && phone === undefined && found.kind === 'none') nameless.add(mxid)
    if (threepids.some(({ place }) => place === 'phones')) phonesKept.add(mxid)
    if (isTooLarge(person, rules)) large.add(mxid)
  }
  return {
    all,
    names: {
      notTaken: names.notTaken.named(),
      length: names.length.named(),
      left: names.left.named(),
      escaped: names.escaped.named(),
      spellings,
    },
    withoutEmail: withoutEmail.named(),
    closedWithoutEmail,
    withoutPhone: withoutPhone.named(),
    nameless: nameless.named(),
    phonesKept: phonesKept.named(),
    large: large.named(),
  }
}

const isTooLarge = (person: Person, rules: UserRules): boolean => {
  const account = personAsAccount(person)
  const wanted = wantedUser(account, rules)
  return (
    wanted.threepids.length < placeThreepids(account, rules.takes).threepids.length ||
    wanted.leftAttributes.length > placeAttributes(person.attributes ?? {}).leftAttributes.length ||
    !isWithinProfile(wanted)
  )
}
