import fc from 'fast-check'
import type { Step } from '../../../../src/rehearsal/standins/auth0/rules/rule.ts'
import { HOME, type Ours } from '../recorded-requests/ours.ts'
import { LETTERS, lackingScope, refusalOf, ruleOf, send, shows, wait, withId } from './changes.ts'
import { type Mutation, type MutationOf, mutation, type Steps } from './mutation.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Rows an hour at which two take longer than a job may. */
const TOO_SLOW = 2 / 3

/** Jobs from their beginning until nobody finds them any more. */
export const jobMutations = (our: Ours): readonly Mutation[] => {
  const { anna, berta } = our
  const read = our.request('GET /api/v2/jobs/*')
  const errors = our.request('GET /api/v2/jobs/*/errors')
  const whole = our.importing([anna, berta])
  const submit = our.submitting([anna, berta])
  const { wrong: badEmail, ...bad } = { wrong: 'an address that is a number', ...anna, email: 7 }
  const cut: Step = { ...our.importing([]), file: JSON.stringify([anna]).slice(0, -2) }
  const doing = (rule: string, steps: Steps, wrongs: MutationOf['wrongs'], which = 0): Mutation =>
    mutation(rule, { given: HOME, steps, refusal: refusalOf(rule, which), wrongs })
  const wrongly = (rule: string, ...steps: Steps) => ({ wrong: ruleOf(rule).breaks[0].wrong, steps })
  const unknown = LETTERS.map((letters) => `job_${letters}`)
  const aDayLater = fc.integer({ min: DAY_MS + HOUR_MS, max: 3 * DAY_MS })
  return [
    doing(
      'jobs.two-at-once',
      [send(submit)],
      [{ wrong: 'a third while two are pending', steps: [{ kind: 'burst', request: submit, times: 3 }] }],
    ),
    doing('jobs.later', [whole, send(read)], [wrongly('jobs.later', send(submit))]),
    mutation('jobs.processing', {
      given: { ...HOME, rowsAnHour: 2 },
      steps: [whole, send(read)],
      refusal: refusalOf('jobs.processing'),
      wrongs: [wrongly('jobs.processing', send(submit), wait(HOUR_MS / 2))],
    }),
    doing(
      'jobs.id',
      [whole, send(read)],
      [
        fc
          .stringMatching(/^[a-z0-9_]{1,24}$/u)
          .filter((id) => !/^job_[A-Za-z0-9]{16}$/u.test(id))
          .map((id) => ({ wrong: `the job ${id}`, steps: [send(withId(read, 'jobs', id))] as const })),
      ],
    ),
    doing(
      'jobs.unknown',
      [whole, send(read)],
      [unknown.map((id) => ({ wrong: `the job ${id}`, steps: [send(withId(read, 'jobs', id))] as const }))],
    ),
    doing('jobs.scope', [whole, send(read)], [lackingScope(read, ['create:users', 'read:users'], [whole])]),
    doing(
      'jobs.two-hours',
      [whole],
      [{ wrong: 'rows that take too long', given: { ...HOME, rowsAnHour: TOO_SLOW }, steps: [whole] }],
    ),
    mutation('jobs.what-was-done-stays', {
      given: HOME,
      steps: [whole],
      refusal: shows(`/api/v2/users/auth0%7C${String(anna['user_id'])}`, { username: anna['username'] }),
      wrongs: [{ wrong: 'rows that take too long', given: { ...HOME, rowsAnHour: TOO_SLOW }, steps: [whole] }],
    }),
    doing(
      'jobs.a-day',
      [whole, send(read)],
      [aDayLater.map((ms) => ({ wrong: `${ms} ms later`, steps: [whole, wait(ms), send(read)] as const }))],
    ),
    doing('job-errors.none', [whole, send(errors)], [wrongly('job-errors.none', whole)]),
    mutation('job-errors.rows', {
      given: HOME,
      steps: [whole, send(errors)],
      refusal: shows('/api/v2/jobs/{job}/errors', { 0: { user: { username: anna['username'] } } }),
      wrongs: [{ wrong: badEmail, steps: [our.importing([berta, bad])] }],
    }),
    mutation('job-errors.echo', {
      given: HOME,
      steps: [whole, send(errors)],
      refusal: shows('/api/v2/jobs/{job}/errors', {
        0: { user: { custom_password_hash: anna['custom_password_hash'] } },
      }),
      wrongs: [{ wrong: badEmail, steps: [our.importing([bad])] }],
    }),
    doing('job-errors.failed-job', [whole, send(errors)], [wrongly('job-errors.failed-job', cut)]),
    doing('job-errors.scope', [whole, send(errors)], [lackingScope(errors, ['create:users', 'read:users'], [whole])]),
    doing(
      'job-errors.unknown',
      [whole, send(errors)],
      [unknown.map((id) => ({ wrong: `the job ${id}`, steps: [send(withId(errors, 'jobs', id))] as const }))],
    ),
    doing(
      'job-errors.a-day',
      [whole, send(errors)],
      [aDayLater.map((ms) => ({ wrong: `${ms} ms later`, steps: [whole, wait(ms), send(errors)] as const }))],
    ),
  ]
}
