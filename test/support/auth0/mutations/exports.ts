import fc from 'fast-check'
import type { Refusal } from '../../../../src/rehearsal/standins/auth0/rules/rule.ts'
import { HOME, type Ours } from '../recorded-requests/ours.ts'
import { LETTERS, lackingScope, refusalOf, ruleOf, send, wait, withJson } from './changes.ts'
import { type Mutation, type MutationOf, mutation, type Steps } from './mutation.ts'

const MINUTE_MS = 60_000
const DAY_MS = 1440 * MINUTE_MS

/** The export that tells who is in a connection. */
export const exportMutations = (our: Ours): readonly Mutation[] => {
  const start = our.request('POST /api/v2/jobs/users-exports')
  const read = our.request('GET /api/v2/jobs/*')
  const download = our.request('GET /exports/*')
  const done: Steps = [send(start), wait(MINUTE_MS), send(read)]
  const holding = (contains: Readonly<Record<number, unknown>>): Refusal => ({
    kind: 'shows',
    request: download,
    status: 200,
    contains,
  })
  const doing = (rule: string, steps: Steps, wrongs: MutationOf['wrongs']): Mutation =>
    mutation(rule, { given: { ...HOME, users: [our.anna] }, steps, refusal: refusalOf(rule), wrongs })
  return [
    doing('exports.scope', [send(start)], [lackingScope(start, ['read:users'])]),
    doing(
      'exports.connection.known',
      [send(start)],
      [
        LETTERS.map((letters) => ({
          wrong: `the connection ${letters}`,
          steps: [send(withJson(start, { connection_id: `con_${letters}` }))],
        })),
      ],
    ),
    mutation('exports.limit.default', {
      given: { ...HOME, users: [our.anna, our.berta] },
      steps: done,
      refusal: holding({ 0: {}, 1: undefined }),
      wrongs: [{ wrong: 'one at most', steps: [send(withJson(start, { limit: 1 })), wait(MINUTE_MS), send(read)] }],
    }),
    mutation('exports.consistent', {
      given: HOME,
      steps: [our.importing([our.anna]), ...done],
      refusal: holding({ 0: { user_id: `auth0|${String(our.anna['user_id'])}` }, 1: undefined }),
      wrongs: [
        {
          wrong: 'somebody who was made after it',
          steps: [our.importing([our.anna]), ...done, our.importing([our.berta])],
        },
      ],
    }),
    doing('exports.later', done, [{ wrong: ruleOf('exports.later').breaks[0].wrong, steps: [send(start)] }]),
    doing(
      'exports.location',
      [...done, send(download)],
      [
        fc.integer({ min: MINUTE_MS + 1, max: 2 * MINUTE_MS }).map((ms) => ({
          wrong: `${ms} ms later`,
          steps: [...done, wait(ms), send(download)],
        })),
      ],
    ),
    doing('exports.a-day', done, [
      fc.integer({ min: DAY_MS + MINUTE_MS, max: 2 * DAY_MS }).map((ms) => ({
        wrong: `${ms} ms later`,
        steps: [send(start), wait(ms), send(read)],
      })),
    ]),
  ]
}
