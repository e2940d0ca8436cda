import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { FieldChange } from '../../prepare/field-change.ts'
import { fieldWords, isMap, readField, sameValue, writeField } from '../../prepare/json-field.ts'
import type { AdminAnswer, AdminApi } from '../api/admin-api.ts'
import type { JsonMap, PrepareStep } from './step.ts'

/** Does one step at Keycloak, by requests. @throws Syn2opError also where Keycloak refuses, in its own words */
export const sendStep = async (
  api: AdminApi,
  { work, what }: Pick<PrepareStep, 'work' | 'what'>,
  secret: string | undefined,
  signal: AbortSignal,
): Promise<void> => {
  if (work.kind === 'statistics') return
  if (work.kind === 'create') {
    const body = secret === undefined ? work.body : withSecret(work.body, secret)
    requireDone(what, await api.send({ method: 'POST', path: work.collection, body, signal }))
    return
  }
  await sendChanges(api, work, what, signal)
}

/**
 * Changes fields of a document, if they are still what they were seen to be.
 * @throws Syn2opError run.not-possible where somebody has changed one of them meanwhile, or Keycloak refuses
 */
export const sendChanges = async (
  api: AdminApi,
  { path, changes }: { readonly path: string; readonly changes: readonly FieldChange[] },
  what: string,
  signal: AbortSignal,
): Promise<void> => {
  const answer = await api.send({ method: 'GET', path, signal })
  requireDone(what, answer)
  const moved = changes.filter(({ at, before }) => !sameValue(readField(answer.body, at), before))
  if (moved.length > 0) {
    throw new Syn2opError(
      'run.not-possible',
      `${what}: ${moved.map(({ at }) => fieldWords(at)).join(', ')} changed meanwhile`,
      {
        next: ['Look again: syn2op keycloak prepare'],
      },
    )
  }
  const body = changes.reduce<unknown>((document, { at, after }) => writeField(document, at, after), answer.body)
  requireDone(what, await api.send({ method: 'PUT', path, body, signal }))
}

export const sendDelete = async (api: AdminApi, path: string, what: string, signal: AbortSignal): Promise<void> => {
  const answer = await api.send({ method: 'DELETE', path, signal })
  if (answer.status !== 404) requireDone(what, answer)
}

const withSecret = (body: JsonMap, secret: string): unknown => writeField(body, ['config', 'clientSecret'], secret)

const requireDone = (what: string, { status, body }: AdminAnswer): void => {
  if (status >= 200 && status < 300) return
  throw new Syn2opError('run.not-possible', `${what}: Keycloak refuses (${status}${wordsOf(body)})`, {
    next: ['Look at what Keycloak says, then again: syn2op keycloak prepare'],
  })
}

/** Keycloak's own words, which name fields, never the values that were sent. */
const wordsOf = (body: unknown): string => {
  if (!isMap(body)) return ''
  const said = body['errorMessage'] ?? body['error']
  return typeof said === 'string' ? ` ${said.slice(0, 200)}` : ''
}
