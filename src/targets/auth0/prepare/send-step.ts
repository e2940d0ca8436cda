import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { FieldChange } from '../../prepare/field-change.ts'
import { fieldWords, readField, sameValue } from '../../prepare/json-field.ts'
import type { MadeAnswer, WriteAnswer } from '../api/answers.ts'
import {
  connectionByName,
  createConnection,
  deleteConnection,
  enableClients,
  optionsOf,
  type PresentConnection,
  replaceOptions,
} from '../api/connections-api.ts'
import type { ManagementApi } from '../api/management-api.ts'
import { createScimConfiguration, deleteScimConfiguration } from '../api/scim-api.ts'
import { changed, newConnection, type PrepareStep } from './step.ts'

type Sent = Pick<PrepareStep, 'connection' | 'work' | 'what'>

/** Does one step. @throws Syn2opError also where Auth0 refuses, in its own words */
export const sendStep = async (
  api: ManagementApi,
  { connection: name, work, what }: Sent,
  signal: AbortSignal,
): Promise<void> => {
  if (work.kind === 'create connection') {
    requireDone(what, await createConnection(api, newConnection(name, work.options), signal))
    return
  }
  const connection = await present(api, name, { what, signal })
  switch (work.kind) {
    case 'change options':
      await sendOptions(api, connection, { changes: work.changes, what, signal })
      return
    case 'enable application':
      requireDone(what, await enableClients(api, connection.id, [{ id: work.client, enabled: true }], signal))
      return
    case 'set up SCIM':
      requireDone(what, await createScimConfiguration(api, connection.id, signal, work))
  }
}

/** Takes one step back. Nothing is done where the connection is gone. */
export const sendInverse = async (
  api: ManagementApi,
  { connection: name, work, what }: Sent,
  { changes, signal }: { readonly changes: readonly FieldChange[]; readonly signal: AbortSignal },
): Promise<void> => {
  const connection = await connectionByName(api, name, signal)
  if (connection === undefined) return
  switch (work.kind) {
    case 'create connection':
      requireDone(what, await deleteConnection(api, connection.id, signal))
      return
    case 'change options':
      await sendOptions(api, connection, { changes, what, signal })
      return
    case 'enable application':
      requireDone(what, await enableClients(api, connection.id, [{ id: work.client, enabled: false }], signal))
      return
    case 'set up SCIM':
      requireDone(what, await deleteScimConfiguration(api, connection.id, signal))
  }
}

interface Sending {
  readonly what: string
  readonly signal: AbortSignal
}

/**
 * Changes fields of the options, if they are still what they were seen to be, and sends all the others along.
 * @throws Syn2opError target.not-allowed where they may not be read: what is not sent along would be gone
 * @throws Syn2opError run.not-possible where somebody has changed one of them meanwhile, or Auth0 refuses
 */
const sendOptions = async (
  api: ManagementApi,
  connection: PresentConnection,
  { changes, what, signal }: Sending & { readonly changes: readonly FieldChange[] },
): Promise<void> => {
  const options = optionsOf(connection)
  const moved = changes.filter(({ at, before }) => !sameValue(readField(options, at), before))
  if (moved.length > 0) {
    throw new Syn2opError(
      'run.not-possible',
      `${what}: ${moved.map(({ at }) => fieldWords(at)).join(', ')} changed meanwhile`,
      { next: ['Look again: syn2op auth0 prepare'] },
    )
  }
  requireDone(what, await replaceOptions(api, connection.id, changed(options, changes), signal))
}

const present = async (api: ManagementApi, name: string, { what, signal }: Sending): Promise<PresentConnection> => {
  const connection = await connectionByName(api, name, signal)
  if (connection !== undefined) return connection
  throw new Syn2opError('run.not-possible', `${what}: there is no connection ${name} any more`, {
    next: ['Look again: syn2op auth0 prepare'],
  })
}

const requireDone = (what: string, answer: WriteAnswer | MadeAnswer<unknown>): void => {
  if (answer.kind === 'done' || answer.kind === 'made') return
  const words = answer.kind === 'missing' ? 'there is none' : `${answer.status} ${answer.words}`
  throw new Syn2opError('run.not-possible', `${what}: Auth0 refuses (${words})`, {
    next: ['Look at what Auth0 says, then again: syn2op auth0 prepare'],
  })
}
