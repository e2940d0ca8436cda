import { isDeepStrictEqual } from 'node:util'
import { isObject } from '../../../src/rehearsal/standins/auth0/json.ts'
import { exchangeRefreshToken, upstreamLogin } from '../../../src/rehearsal/standins/auth0/login.ts'
import type { ApiRequest, Refusal, Step, Trial } from '../../../src/rehearsal/standins/auth0/rules/rule.ts'
import type { Job } from '../../../src/rehearsal/standins/auth0/tenant.ts'
import { ask, type Remembered, type Reply } from './ask-tenant.ts'
import { type GivenTenant, givenTenant } from './given-tenant.ts'

/** What a step led to: the last answer, and the job where there was one that ended. */
interface Outcome {
  readonly reply?: Reply
  readonly job?: Job
  readonly rows?: readonly unknown[]
}

type ImportStep = Extract<Step, { readonly kind: 'import' }>

const importRequest = ({ rows = [], file, fields, scopes }: ImportStep): ApiRequest => {
  const parts = {
    users: file ?? JSON.stringify(rows),
    connection_id: '{connection}',
    send_completion_email: 'false',
    ...fields,
  }
  return {
    method: 'POST',
    path: '/api/v2/jobs/users-imports',
    multipart: Object.fromEntries(
      Object.entries(parts).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
    ),
    ...(scopes === undefined ? {} : { scopes }),
  }
}

/** Without what JSON has no value for. */
const asSent = (rows: readonly unknown[]): readonly unknown[] => {
  const sent: unknown = JSON.parse(JSON.stringify(rows))
  return Array.isArray(sent) ? sent : []
}

const runImport = async (given: GivenTenant, step: ImportStep, remembered: Remembered): Promise<Outcome> => {
  const reply = await ask(given, importRequest(step), remembered)
  const job = reply.status === 202 ? given.standIn.tenant.jobs.get(remembered.job ?? '') : undefined
  if (job === undefined) return { reply }
  for (let pause = 1000; job.endedAt === undefined; pause *= 2) await given.wait(pause)
  return { reply, job, rows: asSent(step.rows ?? []) }
}

/** Gives the first answer that is not as the first was, else the last. */
const runBurst = async (
  given: GivenTenant,
  request: ApiRequest,
  times: number,
  remembered: Remembered,
): Promise<Outcome> => {
  const replies: Reply[] = []
  for (let count = 0; count < times; count += 1) replies.push(await ask(given, request, remembered))
  const early = replies.slice(0, -1).find(({ status }) => status >= 400)
  const reply = early === undefined ? replies.at(-1) : { status: 0, body: { early } }
  return reply === undefined ? {} : { reply }
}

const runStep = async (given: GivenTenant, step: Step, remembered: Remembered): Promise<Outcome> => {
  switch (step.kind) {
    case 'import':
      return runImport(given, step, remembered)
    case 'request':
      return { reply: await ask(given, step.request, remembered) }
    case 'burst':
      return runBurst(given, step.request, step.times, remembered)
    case 'wait':
      await given.wait(step.ms)
      return {}
    case 'refresh':
      await exchangeRefreshToken(
        given.standIn.tenant,
        step.userId.replace('{enterprise name}', given.enterprise?.name ?? ''),
      )
      return {}
    case 'upstream login': {
      const { subject, email, claims } = step
      const connection = step.connection === '{enterprise name}' ? (given.enterprise?.name ?? '') : step.connection
      const said = { ...(email === undefined ? {} : { email }), ...(claims === undefined ? {} : { claims }) }
      await upstreamLogin(given.standIn.tenant, { connection, subject, ...said })
      return {}
    }
  }
}

const textsOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body ?? ''))

/** The text that says what is wrong, wherever an API has it. */
const messageOf = (body: unknown): string => {
  if (!isObject(body)) return textsOf(body)
  return ['message', 'error_description', 'detail'].map((key) => textsOf(body[key])).join(' ')
}

const has = (whole: unknown, part: unknown): boolean => {
  if (!isObject(part)) return isDeepStrictEqual(whole, part)
  if (typeof whole !== 'object' || whole === null) return false
  return Object.entries(part).every(([key, value]) => has(Reflect.get(whole, key), value))
}

const isRefusedByAnswer = (refusal: Extract<Refusal, { kind: 'answer' }>, { status, body }: Reply): boolean =>
  status === refusal.status &&
  (refusal.error === undefined || (isObject(body) && body['error'] === refusal.error)) &&
  (refusal.errorCode === undefined || (isObject(body) && body['errorCode'] === refusal.errorCode)) &&
  (refusal.message === undefined || messageOf(body).includes(refusal.message))

const isRefusedByRow = (refusal: Extract<Refusal, { kind: 'row' }>, { job, rows = [] }: Outcome): boolean => {
  const row = rows[refusal.index]
  const errors = (job?.errors ?? []).filter(({ user }) => isDeepStrictEqual(user, row)).flatMap((each) => each.errors)
  return (
    job?.status === 'completed' &&
    errors.some(
      ({ code, path, message }) =>
        code === refusal.code &&
        (refusal.path === undefined || path === refusal.path) &&
        (refusal.message === undefined || message.includes(refusal.message)),
    )
  )
}

const isRefused = async (
  given: GivenTenant,
  refusal: Refusal,
  outcome: Outcome,
  remembered: Remembered,
): Promise<boolean> => {
  switch (refusal.kind) {
    case 'answer':
      return outcome.reply !== undefined && isRefusedByAnswer(refusal, outcome.reply)
    case 'row':
      return isRefusedByRow(refusal, outcome)
    case 'job':
      return outcome.job?.status === refusal.status
    case 'shows': {
      const { status, body } = await ask(given, refusal.request, remembered)
      return status === refusal.status && (refusal.contains === undefined || has(body, refusal.contains))
    }
  }
}

const isAccepted = ({ reply, job }: Outcome): boolean =>
  (reply === undefined || (reply.status >= 200 && reply.status < 300)) &&
  (job === undefined || (job.status === 'completed' && job.summary?.failed === 0))

const inWords = ({ reply, job }: Outcome): string =>
  `answered ${reply?.status ?? 'nothing'} ${textsOf(reply?.body)}${job === undefined ? '' : `; the job: ${JSON.stringify(job)}`}`

/** Runs a trial at a fresh stand-in. Gives what is wrong with what came of it; undefined: it was as `expected` says. */
export const runTrial = async (trial: Trial, expected: 'accepted' | Refusal): Promise<string | undefined> => {
  const given = await givenTenant(trial.given)
  const remembered: Remembered = {}
  try {
    let outcome: Outcome = {}
    for (const step of trial.steps) outcome = await runStep(given, step, remembered)
    if (expected === 'accepted') return isAccepted(outcome) ? undefined : `not accepted: ${inWords(outcome)}`
    if (await isRefused(given, expected, outcome, remembered)) return undefined
    return `not refused by ${JSON.stringify(expected)}: ${inWords(outcome)}`
  } finally {
    await given.standIn.close()
  }
}
