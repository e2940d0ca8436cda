import { type ChangeRequests, type Step, stepsOf } from '../accounts/user-requests.ts'
import { addLink, putUser, removeCredential, removeLink, type WriteAnswer } from '../api/users-api.ts'
import type { KeycloakRealm } from '../realm.ts'
import { tryAgain } from './try-again.ts'

type Writing = Pick<KeycloakRealm, 'api' | 'writing'>

/**
 * Changes one user. Where Keycloak does not take all of it, the links are put back as they were: whoever has no other way in must
 * not lose it over that.
 */
export const changeUser = async (
  realm: Writing,
  requests: ChangeRequests,
  signal: AbortSignal,
): Promise<WriteAnswer> => {
  const { answer } = await sendSteps(realm, { id: requests.id, steps: stepsOf(requests) }, signal)
  return answer
}

/** Some steps of a change; `undo`: what takes back those before them. */
export interface PartOfChange {
  readonly id: string
  readonly steps: readonly Step[]
  readonly undo?: readonly Step[]
}

/** @returns with what takes it all back; of what was not done that has been sent already */
export const sendSteps = async (
  realm: Writing,
  { id, steps, undo: before = [] }: PartOfChange,
  signal: AbortSignal,
): Promise<{ readonly answer: WriteAnswer; readonly undo: readonly Step[] }> => {
  const send = (step: Step): Promise<WriteAnswer> =>
    tryAgain(() => realm.writing(() => sendStep(realm.api, id, step, signal)), signal)
  const undo = [...before]
  for (const step of steps) {
    const answer = await send(step)
    // What is to go and is gone already, is gone.
    const isDone = answer.kind === 'done' || (answer.kind === 'missing' && isRemoval(step))
    if (!isDone) {
      for (const back of undo) await send(back)
      return { answer, undo: [] }
    }
    const inverse = inverseOf(step)
    if (inverse !== undefined) undo.unshift(inverse)
  }
  return { answer: { kind: 'done' }, undo }
}

const sendStep = (api: Writing['api'], id: string, step: Step, signal: AbortSignal): Promise<WriteAnswer> => {
  switch (step.kind) {
    case 'put':
      return putUser(api, step.user, signal)
    case 'remove link':
      return removeLink(api, id, step.link.alias, signal)
    case 'add link':
      return addLink(api, id, step.link, signal)
    case 'remove password':
      return removeCredential(api, id, step.credential, signal)
  }
}

const isRemoval = ({ kind }: Step): boolean => kind === 'remove link' || kind === 'remove password'

const inverseOf = (step: Step): Step | undefined => {
  if (step.kind === 'remove link') return { ...step, kind: 'add link' }
  return step.kind === 'add link' ? { ...step, kind: 'remove link' } : undefined
}
