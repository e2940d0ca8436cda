import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Account,
  type MemoryPeople,
  type MemoryTargetOptions,
  memoryPeople,
  memoryTarget,
  type Target,
} from '../../../src/testing.ts'

/** A target that does one thing wrong, and how the suite tells it. */
export interface BrokenTarget {
  readonly wrong: string
  open(people: MemoryPeople, options: MemoryTargetOptions): Target
  /** The case that must fail, and what its message says. */
  readonly family: string
  readonly name: string
  readonly message: RegExp
}

/** The outcome of somebody who was there before is told as if it were new. */
const forgetful: BrokenTarget = {
  wrong: 'forgets whom it wrote',
  family: 'doing the same twice',
  name: 'creates everybody, and finds everybody again by natural keys',
  message: /is `create` and not `unchanged`.*a second plan does not find it.*natural key \(rule 4/u,
  open: (people, options) => {
    const target = memoryTarget(people, options)
    // Every plan looks at an empty OP.
    return { ...target, plan: (batch, stop) => memoryTarget(memoryPeople(), options).plan(batch, stop) }
  },
}

const eager: BrokenTarget = {
  wrong: 'writes while it plans',
  family: 'planning',
  name: 'plan writes nothing',
  message: /A plan that was not applied changed the target: plan writes nothing \(rule 2/u,
  open: (people, options) => {
    const target = memoryTarget(people, options)
    return {
      ...target,
      plan: async (batch, stop) => {
        const changes = await target.plan(batch, stop)
        await target.apply(changes, { runId: 'early', asOf: 0, serverName: '', mappingSha256: '', ...stop })
        return changes
      },
    }
  },
}

const boastful: BrokenTarget = {
  wrong: 'reports what it has not written',
  family: 'stopping',
  name: 'an apply whose signal is aborted before it begins writes nothing',
  message: /reported something else than `not attempted` although its signal was aborted/u,
  open: (people, options) => {
    const target = memoryTarget(people, options)
    return {
      ...target,
      apply: async (changes, run) => {
        const outcomes = await target.apply(changes as never, run)
        return outcomes.map((one) => (one.outcome === 'not attempted' ? { ...one, outcome: 'created' } : one))
      },
    }
  },
}

const brittle: BrokenTarget = {
  wrong: 'gives a whole batch up for one bad account',
  family: 'bad accounts',
  name: 'one that is refused is rejected with a reason, and the others are written',
  message: /person0000:.* is `rejected` and not `created`: @person0002:.* was refused, not this one/u,
  open: (people, options) => {
    const target = memoryTarget(people, options)
    return {
      ...target,
      apply: async (changes, run) => {
        const bad = changes.accounts.find(({ mxid }) => options.refuses?.(mxid) !== undefined)
        if (bad === undefined || bad.change === 'unchanged') return target.apply(changes as never, run)
        return changes.accounts.map(({ mxid }) => ({ mxid, outcome: 'rejected', message: 'refused', rows: [] }))
      },
    }
  },
}

const greedy: BrokenTarget = {
  wrong: 'takes a name that somebody else has',
  family: "what is somebody else's",
  name: 'a name that somebody else has is a conflict and stays theirs',
  message: /plan says `(update|unchanged)` of @person0001:.*who meets a name of somebody else's.*rule 5/u,
  open: (people, options) => {
    const target = memoryTarget(people, options)
    return {
      ...target,
      plan: async (batch, stop) => {
        for (const [id, { relation, mxid }] of people.rows) {
          if (!people.written.has(id)) people.written.set(id, { relation, mxid, digest: 'mine now', runId: 'none' })
        }
        return target.plan(batch, stop)
      },
    }
  },
}

const ruthless: BrokenTarget = {
  wrong: 'overwrites what people changed',
  family: 'what people changed at the target',
  name: 'who changes the password: it is told as theirs and stays',
  message: /Somebody changes the password at the target, and a second run undid it.*rule 5/u,
  open: (people, options) => {
    const target = memoryTarget(people, options)
    return {
      ...target,
      plan: async (batch, stop) => {
        // What it wrote last is whatever is there.
        for (const [id, row] of people.rows) if (people.written.has(id)) people.rows.set(id, row)
        for (const id of people.written.keys()) people.written.delete(id)
        people.rows.clear()
        return target.plan(batch, stop)
      },
    }
  },
}

const deaf: BrokenTarget = {
  wrong: 'does not hear that it is stopped',
  family: 'stopping',
  name: 'a plan whose signal is aborted ends soon and writes nothing',
  message: /apply wrote something although its signal was aborted before it began.*rule 6/u,
  open: (people, options) => {
    const target = memoryTarget(people, options)
    const { signal } = new AbortController()
    return {
      ...target,
      plan: (batch) => target.plan(batch, { signal }),
      apply: (changes, run) => target.apply(changes as never, { ...run, signal }),
    }
  },
}

const talkative: BrokenTarget = {
  wrong: 'repeats the request in its words of a refusal',
  family: 'secrets',
  name: 'are not in the words of a refusal',
  message: /a password hash is in the outcome or error of an account that was refused: no hash and no token.*rule 6/u,
  open: (people, options) => {
    let batch: readonly Account[] = []
    const target = memoryTarget(people, {
      ...options,
      refuses: (mxid) => {
        const words = options.refuses?.(mxid)
        return words === undefined ? undefined : `${words}: ${JSON.stringify(batch)}`
      },
    })
    return {
      ...target,
      plan: async (given, stop) => {
        batch = await given.read()
        return target.plan(given, stop)
      },
    }
  },
}

const sloppy: BrokenTarget = {
  wrong: 'leaves accounts out of its answer',
  family: 'planning',
  name: 'apply does what plan said',
  message: /apply told of @person0003:.* not at all: apply must tell of every account of the batch once/u,
  open: (people, options) => {
    const target = memoryTarget(people, options)
    return {
      ...target,
      apply: async (changes, run) =>
        (await target.apply(changes as never, run)).filter(({ outcome }) => outcome !== 'held back'),
    }
  },
}

const normalised = ({ primaryEmail, ...account }: Account): Account => ({
  ...account,
  ...(primaryEmail === undefined ? {} : { primaryEmail: primaryEmail.normalize('NFC') }),
  threepids: account.threepids.map((one) => ({ ...one, address: one.address.normalize('NFC') })),
})

const normalising: BrokenTarget = {
  wrong: 'brings names into another form of Unicode',
  family: 'unicode',
  name: 'names and addresses decomposed (NFD) come through',
  message: /with names decomposed \(NFD\): .* is not at the target letter by letter/u,
  open: (people, options) => {
    const target = memoryTarget(people, options)
    return {
      ...target,
      plan: (batch, stop) => target.plan({ ...batch, read: async () => (await batch.read()).map(normalised) }, stop),
    }
  },
}

const clinging: BrokenTarget = {
  wrong: 'keeps whom the source has no longer',
  family: 'accounts that leave',
  name: 'removes what it wrote of an account that is gone from the source',
  message: /@person0001:.* is `unchanged` and not `remove`: it is gone from the source/u,
  open: (people, options) => {
    const target = memoryTarget(people, options)
    return {
      ...target,
      plan: async (batch, stop) => {
        const changes = await target.plan(batch, stop)
        return {
          ...changes,
          accounts: changes.accounts.map((one) => (one.change === 'remove' ? { ...one, change: 'unchanged' } : one)),
        }
      },
    }
  },
}

const premature: BrokenTarget = {
  wrong: 'reports before it has committed',
  family: 'lost connections',
  name: 'what was reported before the connection was lost is there, and another run does the rest',
  message:
    /was reported as created and is not there after a lost connection.*only once the target has committed it \(rule 3/u,
  open: (people, options) => {
    const target = memoryTarget(people, options)
    return {
      ...target,
      apply: async (changes, run) => {
        // Answers at once, and works on behind the caller's back.
        const working = target.apply(changes as never, run).catch(() => {})
        await Promise.race([working, sleep(5)])
        return changes.accounts.map(({ mxid, change, rows }) => ({
          mxid,
          outcome: change === 'create' ? 'created' : change === 'remove' ? 'removed' : 'unchanged',
          rows,
        }))
      },
    }
  },
}

const backwards: BrokenTarget = {
  wrong: 'takes back whatever it has written',
  family: 'rollback',
  name: 'takes back what the run created, and nothing else',
  message: /rollback left something of its run, or took more than that/u,
  open: (people, options) => {
    const target = memoryTarget(people, options)
    return {
      ...target,
      rollback: async ({ accounts }, stop) => {
        const runs = [...new Set([...people.written.values()].map(({ runId }) => runId))]
        return (await Promise.all(runs.map(async (runId) => target.rollback?.({ runId, accounts }, stop) ?? []))).flat()
      },
    }
  },
}

const grasping: BrokenTarget = {
  wrong: 'takes back the whole run',
  family: 'rollback',
  name: 'takes back of those alone who are asked for',
  message: /rollback was asked for one account of its run and took others with it/u,
  open: (people, options) => {
    const target = memoryTarget(people, options)
    return {
      ...target,
      rollback: async ({ runId }, stop) => {
        const accounts = [...people.written.values()].map(({ mxid }) => mxid)
        return (await target.rollback?.({ runId, accounts }, stop)) ?? []
      },
    }
  },
}

/** A target that gets each account otherwise than it is. */
const misreading = (read: (account: Account) => Account): Pick<BrokenTarget, 'family' | 'open'> => ({
  family: 'names and attributes',
  open: (people, options) => {
    const target = memoryTarget(people, options)
    return {
      ...target,
      plan: (batch, stop) => target.plan({ ...batch, read: async () => (await batch.read()).map(read) }, stop),
    }
  },
})

const without = (account: Account, field: 'username' | 'primaryEmail' | 'attributes'): Account => {
  const { [field]: _, ...others } = account
  return others
}

const nameless: BrokenTarget = {
  wrong: 'says that it follows the rules about usernames, and writes localparts',
  name: 'a username that is not the localpart is written, and follows a change of the source',
  message: /is `unchanged`.*FollowedRules|holds what it held before.*FollowedRules/u,
  ...misreading((account) => without(account, 'username')),
}

const PRIMARY = 'the primary address is one among several, and follows a change of the source'

const withoutPrimary: BrokenTarget = {
  wrong: 'says that it follows the rules about e-mails, and writes no primary address',
  name: PRIMARY,
  message: /the primary address at the target is null and not "first@conformance\.example".*FollowedRules/u,
  ...misreading((account) => without(account, 'primaryEmail')),
}

const otherPrimary: BrokenTarget = {
  wrong: 'takes another address for the primary one',
  name: PRIMARY,
  message: /is "second@conformance\.example" and not "first@conformance\.example".*FollowedRules/u,
  ...misreading((account) => {
    const other = account.threepids.find(({ address }) => address !== account.primaryEmail)?.address
    return account.primaryEmail === undefined || other === undefined ? account : { ...account, primaryEmail: other }
  }),
}

const plain: BrokenTarget = {
  wrong: 'says that it follows the rules about attributes, and writes none',
  name: 'attributes are written by name, and follow a change of the source',
  message: /is `unchanged`.*FollowedRules/u,
  ...misreading((account) => without(account, 'attributes')),
}

export const BROKEN_TARGETS: readonly BrokenTarget[] = [
  forgetful,
  eager,
  boastful,
  brittle,
  greedy,
  ruthless,
  deaf,
  talkative,
  sloppy,
  normalising,
  clinging,
  premature,
  backwards,
  grasping,
  nameless,
  withoutPrimary,
  otherPrimary,
  plain,
]
