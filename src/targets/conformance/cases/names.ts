import type { Account } from '../../../accounts/account.ts'
import { ask, NotTried } from '../ask.ts'
import type { ConformanceCase } from '../case.ts'
import { email, person } from '../people.ts'
import type { Stage } from '../stage.ts'
import { askChanges } from '../told.ts'

/** What a target says that it follows, it must write: the core refuses a mapping only where it does not say so. */
const RULE = 'what `follows` names must be written, and found again as written (target.ts, FollowedRules)'

interface NameCase {
  readonly what: 'usernames' | 'primaryEmail' | 'attributes'
  readonly name: string
  /** What the harness must have. */
  readonly needs?: 'primaryEmail'
  readonly before: Partial<Account>
  readonly after: Partial<Account>
  /** What must be there, and no longer, once the source has changed. */
  readonly shows: string
  readonly hides?: string
}

const [FIRST, SECOND] = ['first@conformance.example', 'second@conformance.example']

const CASES: readonly NameCase[] = [
  {
    what: 'usernames',
    name: 'a username that is not the localpart is written, and follows a change of the source',
    before: { username: 'name-before' },
    after: { username: 'name-after' },
    shows: 'name-after',
    hides: 'name-before',
  },
  {
    what: 'primaryEmail',
    name: 'the primary address is one among several, and follows a change of the source',
    needs: 'primaryEmail',
    before: { threepids: [email(FIRST), email(SECOND)], primaryEmail: FIRST },
    after: { threepids: [email(FIRST), email(SECOND)], primaryEmail: SECOND },
    shows: SECOND,
  },
  {
    what: 'attributes',
    name: 'attributes are written by name, and follow a change of the source',
    before: { attributes: { colour: 'value before' } },
    after: { attributes: { colour: 'value after' } },
    shows: 'value after',
    hides: 'value before',
  },
]

export const names: readonly ConformanceCase[] = CASES.map(({ what, name, needs, before, after, shows, hides }) => ({
  family: 'names and attributes',
  name,
  async run(stage) {
    if (stage.target().follows?.[what] === undefined) throw new NotTried(`the target does not follow ${what}`)
    if (needs !== undefined && stage.harness[needs] === undefined) throw new NotTried(`the harness has no \`${needs}\``)
    const account = person(stage.people, { localpart: 'named' })
    await written(stage, { ...account, ...before })
    await askPrimary(stage, { ...account, ...before })
    const earlier = JSON.stringify(await stage.state())
    await written(stage, { ...account, ...after })
    await askPrimary(stage, { ...account, ...after })
    const later = JSON.stringify(await stage.state())
    ask(later !== earlier, `${what} changed in the source and the target holds what it held before: ${RULE}`)
    ask(later.includes(shows), `${JSON.stringify(shows)} is not at the target: ${RULE}`)
    ask(hides === undefined || !later.includes(hides), `${JSON.stringify(hides)} is still at the target: ${RULE}`)
  },
}))

/** All addresses are at the target, so its state does not say which of them is the primary one. */
const askPrimary = async ({ harness }: Stage, { mxid, primaryEmail: wanted }: Account): Promise<void> => {
  if (wanted === undefined) return
  const found = await harness.primaryEmail?.(mxid)
  ask(
    found === wanted,
    `the primary address at the target is ${JSON.stringify(found ?? null)} and not ${JSON.stringify(wanted)}: ${RULE}`,
  )
}

/** Migrates an account, and finds it as it was written. */
const written = async (stage: Stage, account: Account): Promise<void> => {
  const { outcomes } = await stage.migrate({ accounts: [account] })
  ask(
    outcomes.every(({ outcome }) => outcome === 'created' || outcome === 'updated'),
    `an account with a name of its own is \`${outcomes[0]?.outcome}\` (${outcomes[0]?.message ?? 'no words'}): ${RULE}`,
  )
  askChanges(await stage.look({ accounts: [account] }), 'unchanged', `it is not found again as it was written: ${RULE}`)
}
