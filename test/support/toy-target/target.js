// A whole target in one file, by somebody who has the published types of `syn2op/testing` and nothing else.
//
// Its OP is a JSON file: `people` has everybody with what is carried of them, and under `ours` what syn2op last wrote,
// as hashes: so that what people changed since is known as theirs. `--target-config` names a JSON file
// `{ "file": "people.json" }`, and for tests how long it takes (`pause` for each account, `afterwards` before it answers),
// whether it makes a file beside that of people once it is at work on a batch, or has taken back the first account (`tells`),
// whom it refuses (`refuse`), who waits for all others (`waits`), a signal that the process gets once something of a run is taken back (`thenSignal`), and its `batchSize`; the file of people is made when it is missing.
import { createHash } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** @typedef {import('syn2op/testing').Outcome} Outcome */

const RELATIONS = ['account', 'password', 'threepid', 'external_id', 'session', 'access_token', 'refresh_token']
const OUTCOMES = { create: 'created', update: 'updated', unchanged: 'unchanged', remove: 'removed' }

const hash = (value) => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 24)

/** An account as rows: `relation`, `key` within the account, `value`. */
const rowsOf = ({ threepids, identities, sessions, accessTokens, refreshTokens, passwordHash, ...account }) => [
  { relation: 'account', key: '', value: account },
  ...(passwordHash === undefined ? [] : [{ relation: 'password', key: '', value: passwordHash }]),
  ...threepids.map((one) => ({ relation: 'threepid', key: `${one.medium} ${one.address}`, value: one })),
  ...identities.map((one) => ({ relation: 'external_id', key: `${one.providerId} ${one.subject}`, value: one })),
  ...sessions.map((one) => ({ relation: 'session', key: one.deviceId, value: one })),
  ...accessTokens.map((one) => ({ relation: 'access_token', key: hash(one.token), value: one })),
  ...refreshTokens.map((one) => ({ relation: 'refresh_token', key: hash(one.token), value: one })),
]

const idOf = ({ relation, key }) => `${relation} ${key}`

/** What becomes of each row of an account. */
const compare = (person, wanted) => {
  const present = person?.rows ?? {}
  const ours = person?.ours ?? {}
  const seen = new Set(wanted.map(idOf))
  return [
    ...wanted.map((row) => {
      const id = idOf(row)
      const [is, was, wants] = [present[id] && hash(present[id].value), ours[id], hash(row.value)]
      if (is === wants) return { id, row, action: 'unchanged' }
      if (is === undefined) return { id, row, action: was === undefined ? 'create' : 'theirs' }
      if (was === undefined) return { id, row, action: 'foreign' }
      return { id, row, action: is === was ? 'update' : 'theirs' }
    }),
    ...Object.entries(present).flatMap(([id, row]) =>
      seen.has(id) || ours[id] === undefined
        ? []
        : [{ id, row, action: hash(row.value) === ours[id] ? 'remove' : 'theirs' }],
    ),
  ]
}

const count = (actions) =>
  RELATIONS.flatMap((relation) => {
    const own = actions.filter(({ row }) => row.relation === relation)
    const of = (action) => own.filter((one) => one.action === action).length
    const kinds = ['create', 'update', 'remove', 'unchanged', 'theirs', 'foreign']
    return own.length === 0 ? [] : [{ relation, ...Object.fromEntries(kinds.map((kind) => [kind, of(kind)])) }]
  })

/** Somebody else's name, e-mail, identity or token in the way of an account. */
const conflictOf = (people, { mxid }, wanted) => {
  const other = (is) =>
    Object.entries(people).find(([name, { rows, ours }]) =>
      Object.entries(rows).some(([id, row]) => name !== mxid && ours[id] === undefined && is(id, row)),
    )?.[0]
  if (people[mxid] !== undefined && people[mxid].ours['account '] === undefined) {
    return { reason: 'username_taken', against: mxid }
  }
  const codes = { external_id: 'identity_taken', access_token: 'token_taken', refresh_token: 'token_taken' }
  for (const row of wanted) {
    const isEmail = row.relation === 'threepid' && row.value.medium === 'email'
    const reason = isEmail ? 'email_taken' : codes[row.relation]
    const against = reason && other((id) => id === idOf(row))
    if (against !== undefined) return { reason, against }
  }
  return undefined
}

/** The change of an account, and what becomes of each of its rows. */
const planOne = (people, decision, account) => {
  const { mxid } = decision
  if (decision.decision !== 'migrate') {
    const actions = compare(people[mxid], [])
    const reason = decision.decision === 'hold back' ? { reason: decision.reason } : {}
    if (actions.length === 0) {
      return { mxid, change: decision.decision === 'gone' ? 'unchanged' : 'hold back', ...reason, rows: [], actions }
    }
    if (actions.every(({ action }) => action === 'remove')) {
      return { mxid, change: 'remove', ...reason, rows: count(actions), actions }
    }
    const kept = actions.map((one) => ({ ...one, action: 'theirs' }))
    return { mxid, change: 'unchanged', ...reason, rows: count(kept), actions: kept }
  }
  const wanted = rowsOf(account)
  const conflict = conflictOf(people, account, wanted)
  if (conflict !== undefined) return { mxid, change: 'conflict', ...conflict, rows: [], actions: [] }
  const actions = compare(people[mxid], wanted)
  const writes = actions.some(({ action }) => ['create', 'update', 'remove'].includes(action))
  const change = people[mxid] === undefined ? 'create' : writes ? 'update' : 'unchanged'
  return { mxid, change, rows: count(actions), actions }
}

/** Of a planned account what the core is told. */
const told = ({ mxid, change, reason, against, rows }) => ({
  mxid,
  change,
  rows,
  ...(reason === undefined ? {} : { reason }),
  ...(against === undefined ? {} : { against }),
})

const write = (people, { mxid, change, actions }, runId) => {
  if (change === 'remove') {
    delete people[mxid]
    return
  }
  people[mxid] ??= { rows: {}, ours: {}, runs: {} }
  const { rows, ours, runs } = people[mxid]
  for (const { id, row, action } of actions) {
    if (action === 'create' || action === 'update') {
      // An identity of ours has one owner: the newest.
      if (row.relation === 'external_id') {
        for (const other of Object.values(people)) {
          if (other.ours[id] === undefined) continue
          forget(other, id)
        }
      }
      rows[id] = row
      ours[id] = hash(row.value)
      runs[id] ??= runId
    } else if (action === 'remove') {
      forget(people[mxid], id)
    }
  }
}

const forget = ({ rows, ours, runs }, id) => {
  delete rows[id]
  delete ours[id]
  delete runs[id]
}

/** What a run created goes, but for accounts of which somebody has changed a row of it since. */
const takeBack = (people, { runId, accounts }) =>
  accounts.flatMap((mxid) => {
    const person = people[mxid]
    if (person === undefined) return []
    const own = Object.keys(person.ours).filter((id) => person.runs[id] === runId)
    if (own.length === 0) return []
    const isOurs = (id) => person.rows[id] !== undefined && hash(person.rows[id].value) === person.ours[id]
    if (!own.every(isOurs)) return [{ mxid, outcome: 'unchanged', message: 'changed at the toy since', rows: [] }]
    for (const id of own) forget(person, id)
    if (Object.keys(person.rows).length === 0) delete people[mxid]
    return [{ mxid, outcome: 'removed', rows: [] }]
  })

/** @type {import('syn2op/testing').TargetDefinition} */
export const target = {
  name: 'toy',
  apiVersion: 1,
  async open({ configFiles: [config] }) {
    const configured = async () => JSON.parse(await readFile(config, 'utf8'))
    const settings = await configured()
    const file = path.resolve(path.dirname(config), settings.file)
    let turn = Promise.resolve()

    const read = async () => {
      const text = await readFile(file, 'utf8').catch(() => '{}')
      return JSON.parse(text)
    }
    /** The whole file or nothing, and one after the other. */
    const save = async (people) => {
      const sorted = Object.fromEntries(Object.entries(people).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      await writeFile(`${file}.new`, JSON.stringify(sorted))
      await rename(`${file}.new`, file)
    }
    const alone = (work) => {
      const mine = turn.then(work)
      turn = mine.catch(() => {})
      return mine
    }

    return {
      name: 'toy',
      batchSize: settings.batchSize ?? 25,
      providers: settings.providers ?? [{ id: 'toy-provider', authProvider: 'oidc-keycloak' }],

      async describe() {
        return { product: 'Toy', version: '1', location: file, schema: 'none', postgres: 'none' }
      },

      async check() {
        return []
      },

      async plan(batch, { signal, last }) {
        signal.throwIfAborted()
        const { waits = [] } = await configured()
        const isWaiting = ({ mxid }) => last !== true && waits.includes(mxid)
        const people = await read()
        const accounts = new Map((await batch.read()).map((account) => [account.mxid, account]))
        const planned = batch.accounts.map((decision) => planOne(people, decision, accounts.get(decision.mxid)))
        return {
          batch: batch.ordinal,
          accounts: planned.map((one) => (isWaiting(one) ? { ...told(one), waits: true } : told(one))),
          isWaiting,
          again: (now) => batch.accounts.map((decision) => planOne(now, decision, accounts.get(decision.mxid))),
          async discard() {},
        }
      },

      apply: (changes, { runId, signal }) =>
        alone(async () => {
          const people = await read()
          const { pause = 0, afterwards = 0, refuse = [], diesOfWriting = false, tells = false } = await configured()
          if (tells) await writeFile(`${file}.begun`, '')
          /** @type {Outcome[]} */
          const outcomes = []
          for (const change of changes.again(people)) {
            const { mxid, rows } = change
            if (pause > 0 && !signal.aborted) await sleep(pause)
            if (signal.aborted || changes.isWaiting(change)) outcomes.push({ mxid, outcome: 'not attempted', rows: [] })
            else if (change.change === 'hold back' || change.change === 'conflict') {
              const message = change.against === undefined ? {} : { message: `${change.against} has it` }
              outcomes.push({ mxid, outcome: 'held back', reason: change.reason, rows, ...message })
            } else if (change.change !== 'unchanged' && refuse.includes(mxid)) {
              outcomes.push({ mxid, outcome: 'rejected', message: 'this name is not allowed here', rows: [] })
            } else {
              write(people, change, runId)
              outcomes.push({ mxid, outcome: OUTCOMES[change.change], rows })
            }
          }
          await save(people)
          if (diesOfWriting) process.kill(process.pid, 'SIGKILL')
          await sleep(afterwards)
          return outcomes
        }),

      rollback: (run, { signal, enough = () => false }) =>
        alone(async () => {
          signal.throwIfAborted()
          const people = await read()
          const { thenSignal, pause = 0, afterwards = 0, tells = false } = await configured()
          /** @type {Outcome[]} */
          const outcomes = []
          for (const [attempted, mxid] of run.accounts.entries()) {
            if (enough({ attempted, rejected: 0 })) outcomes.push({ mxid, outcome: 'not attempted', rows: [] })
            else {
              if (pause > 0) await sleep(pause)
              outcomes.push(...takeBack(people, { runId: run.runId, accounts: [mxid] }))
              if (tells && attempted === 0) await writeFile(`${file}.begun`, '')
            }
          }
          await save(people)
          if (thenSignal !== undefined && outcomes.length > 0) process.kill(process.pid, thenSignal)
          await sleep(afterwards)
          return outcomes
        }),

      async close() {},
    }
  },
}
