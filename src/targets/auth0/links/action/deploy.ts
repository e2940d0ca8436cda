import { Syn2opError } from '../../../../errors/syn2op-error.ts'
import {
  actionByName,
  bindings,
  createAction,
  deleteAction,
  deployAction,
  replaceBindings,
  updateAction,
} from '../../api/actions-api.ts'
import type { WriteAnswer } from '../../api/answers.ts'
import type { ManagementApi } from '../../api/management-api.ts'
import type { Auth0Config } from '../../config/auth0-config.ts'
import { presentState } from './present-state.ts'
import { tenantTime } from './tenant-time.ts'
import { ACTION_NAME, type ActionClient, settledAfter, wantedAction } from './wanted-action.ts'

/** Auth0 builds an Action for some seconds before it can be deployed, and deploys it for some more. Milliseconds. */
const PAUSE_MS = 2000
const LONGEST_MS = 60_000

/**
 * Makes the Action, or brings it up to date with its secrets, and has it run at every login, after those that run already. May be
 * repeated.
 * @returns what was done, in words
 * @throws Syn2opError target.not-allowed, server.unreachable
 */
export const deployLinking = async (
  api: ManagementApi,
  {
    config,
    client,
    signal,
  }: { readonly config: Auth0Config; readonly client: ActionClient; readonly signal: AbortSignal },
): Promise<readonly string[]> => {
  const settledAt = settledAfter(await tenantTime(api, signal))
  const wanted = await wantedAction(config, { client, settledAt })
  const { action } = await presentState(api, signal)
  let id = action?.id
  if (id === undefined) {
    const made = await createAction(api, wanted, signal)
    if (made.kind !== 'made') throw refusedBy('make the Action', made.words)
    id = made.made.id
  } else {
    requireDone('change the Action', await updateAction(api, id, wanted, signal))
  }
  await deployWhenBuilt(api, id, signal)
  const done = [action === undefined ? 'Made the Action' : 'Brought the Action up to date', 'Deployed it']
  const told = `Until ${minuteOf(settledAt)} it asks whom it does not find to come back`
  // Read right before: whoever has bound another meanwhile keeps it.
  const bound = await bindings(api, signal)
  if (bound.some(({ actionId }) => actionId === id)) return [...done, told]
  requireDone(
    'bind the Action',
    await replaceBindings(api, [...bound, { actionId: id, displayName: ACTION_NAME }], signal),
  )
  return [
    ...done,
    bound.length === 0 ? 'Bound it to the login' : 'Bound it to the login, after the Actions that run already',
    told,
  ]
}

/** Takes the Action from the login, and deletes it. @returns what was done, in words */
export const removeLinking = async (api: ManagementApi, signal: AbortSignal): Promise<readonly string[]> => {
  const { action, bound } = await presentState(api, signal)
  if (action === undefined) return []
  const others = bound.filter(({ actionId }) => actionId !== action.id)
  const isBound = others.length < bound.length
  if (isBound) requireDone('unbind the Action', await replaceBindings(api, others, signal))
  requireDone('delete the Action', await deleteAction(api, action.id, signal))
  return [...(isBound ? ['Took the Action from the login'] : []), 'Deleted it']
}

/** `05:10 UTC`, the minute after. */
const minuteOf = (at: number): string =>
  `${new Date(Math.ceil(at / MINUTE_MS) * MINUTE_MS).toISOString().slice(11, 16)} UTC`

const MINUTE_MS = 60_000

const deployWhenBuilt = async (api: ManagementApi, id: string, signal: AbortSignal): Promise<void> => {
  const until = api.clock.now() + LONGEST_MS
  for (;;) {
    const answer = await deployAction(api, id, signal)
    if (answer.kind === 'done') break
    if (api.clock.now() > until) requireDone('deploy the Action', answer)
    await api.clock.sleep(PAUSE_MS, signal)
  }
  while ((await actionByName(api, ACTION_NAME, signal))?.deployed !== true) {
    if (api.clock.now() > until) throw refusedBy('deploy the Action', 'it is not deployed after a minute')
    await api.clock.sleep(PAUSE_MS, signal)
  }
}

const requireDone = (what: string, answer: WriteAnswer): void => {
  if (answer.kind === 'done') return
  throw refusedBy(what, answer.kind === 'missing' ? 'it is gone' : answer.words)
}

const refusedBy = (what: string, words: string): Syn2opError =>
  new Syn2opError('target.not-allowed', `Auth0 does not let us ${what}: ${words}`, {
    next: ['See the Action in the Dashboard under Actions, Library, and run the command again.'],
  })
