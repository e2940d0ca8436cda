import { type AccountChange, OUTCOME_OF, type Outcome } from '../../changes.ts'
import { ask, askEqual } from '../ask.ts'
import type { ConformanceCase } from '../case.ts'
import { crowd, person } from '../people.ts'
import { askChanges } from '../told.ts'

const FAMILY = 'planning'

const rowsOf = ({ rows }: AccountChange | Outcome): unknown =>
  [...rows].toSorted((a, b) => (a.relation < b.relation ? -1 : 1)).map((one) => ({ ...one }))

export const planning: readonly ConformanceCase[] = [
  {
    family: FAMILY,
    name: 'introduces itself',
    async run(stage) {
      const target = stage.target()
      const told = await target.describe()
      for (const [field, value] of Object.entries(told)) {
        ask(typeof value === 'string', `describe().${field} is no text: it is printed at the head of every report`)
      }
      ask(told.product !== '', 'describe().product is empty: it is what reports call the target')
      ask(
        Number.isSafeInteger(target.batchSize) && target.batchSize > 0,
        `batchSize is ${target.batchSize}: it must be a whole number from 1, the accounts of a batch at most`,
      )
    },
  },
  {
    family: FAMILY,
    name: 'plan writes nothing',
    async run(stage) {
      const accounts = crowd(stage.people, 3)
      const empty = await stage.state()
      askChanges(await stage.look({ accounts }), 'create', 'nobody is at the target yet')
      await stage.reopen()
      askEqual(
        await stage.state(),
        empty,
        'A plan that was not applied changed the target: plan writes nothing (rule 2 of target.ts).',
      )
      askChanges(
        await stage.look({ accounts }),
        'create',
        'a plan that was not applied must leave nothing behind (rule 2 of target.ts)',
      )
    },
  },
  {
    family: FAMILY,
    name: 'a plan can be discarded more than once, and the target goes on',
    async run(stage) {
      const accounts = crowd(stage.people, 2)
      for (const batch of stage.batches({ accounts })) {
        const changes = await stage.plan(await batch())
        await changes.discard()
        await changes.discard()
      }
      const { outcomes } = await stage.migrate({ accounts })
      ask(
        outcomes.every(({ outcome }) => outcome === 'created'),
        'after discard() the target did not do what the next plan asked: discard gives up what a plan holds, nothing more',
      )
    },
  },
  {
    family: FAMILY,
    name: 'apply does what plan said',
    async run(stage) {
      const [updated, unchanged, removed, held] = crowd(stage.people, 4)
      if (updated === undefined || unchanged === undefined || removed === undefined || held === undefined) return
      await stage.migrate({ accounts: [updated, unchanged, removed] })
      const { changes, outcomes } = await stage.migrate({
        accounts: [{ ...updated, isAdmin: true }, unchanged, person(stage.people, { localpart: 'zz-new' })],
        heldBack: [{ mxid: held.mxid, reason: 'locked' }],
        gone: [removed.mxid],
      })
      for (const [index, change] of changes.entries()) {
        const outcome = outcomes[index]
        if (outcome === undefined) continue
        ask(
          outcome.outcome === OUTCOME_OF[change.change],
          `plan said \`${change.change}\` of ${change.mxid} and apply reported \`${outcome.outcome}\`: a dry run and a run cannot disagree (rule 3 of target.ts)`,
        )
        askEqual(
          rowsOf(outcome),
          rowsOf(change),
          `apply counted other rows of ${change.mxid} than plan (rule 3 of target.ts).`,
        )
      }
    },
  },
  {
    family: FAMILY,
    name: 'counts the rows of an account by relation',
    async run(stage) {
      const [account] = crowd(stage.people, 1)
      if (account === undefined) return
      const [change] = await stage.look({ accounts: [account] })
      const wanted: Readonly<Record<string, number>> = {
        account: 1,
        password: 1,
        threepid: account.threepids.length,
        external_id: account.identities.length,
      }
      for (const [relation, count] of Object.entries(wanted)) {
        const told = change?.rows.find((row) => row.relation === relation)?.create ?? 0
        ask(
          told === count,
          `plan counts ${told} rows of ${relation} to create, and the account has ${count}: every row that is carried is counted, none is left out silently (changes.ts, RowChanges)`,
        )
      }
    },
  },
  {
    family: FAMILY,
    name: 'takes a batch of nobody',
    async run(stage) {
      const { harness } = stage
      const content = { ordinal: 0, decisions: [], accounts: [] }
      const batch =
        harness.batch === undefined ? { ordinal: 0, accounts: [], read: async () => [] } : await harness.batch(content)
      const outcomes = await stage.apply(await stage.plan(batch))
      ask(outcomes.length === 0, 'a batch of nobody has outcomes')
    },
  },
]
