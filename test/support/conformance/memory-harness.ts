import { setTimeout as sleep } from 'node:timers/promises'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import {
  addForeign,
  allRows,
  type ConformanceHarness,
  changeAsPerson,
  type MemoryPeople,
  type MemoryTargetOptions,
  memoryPeople,
  memoryTarget,
  type Target,
} from '../../../src/testing.ts'
import { stranger } from './stranger.ts'

/** An OP in this process, slow enough that a stop or a lost connection meets it at work. */
export const memoryHarness = (
  open: (people: MemoryPeople, options: MemoryTargetOptions) => Target = memoryTarget,
): ConformanceHarness => {
  let people = memoryPeople()
  let refused: string | undefined
  let connections = 0
  return {
    name: 'memory',
    reset: async () => {
      people = memoryPeople()
    },
    open: async () => {
      const connection = ++connections
      return open(people, {
        batchSize: 20,
        refuses: (mxid) => (mxid === refused ? 'this name is not allowed here' : undefined),
        at: async (point) => {
          if (point === 'write') await sleep(1)
          if (connection !== connections) throw new Syn2opError('database.failed', 'The connection was lost')
        },
      })
    },
    state: async () => allRows(people),
    personal: [
      {
        what: 'changes the password',
        relation: 'password',
        change: async ({ mxid }) =>
          changeAsPerson(people, { mxid, relation: 'password' }, () => ({ hash: 'of the OP' })),
      },
      {
        what: 'removes an e-mail',
        relation: 'threepid',
        removes: true,
        change: async ({ mxid }) =>
          changeAsPerson(people, { mxid, relation: 'threepid' }, (value) =>
            value['medium'] === 'email' ? undefined : value,
          ),
      },
      {
        what: 'renames the devices',
        relation: 'session',
        change: async ({ mxid }) =>
          changeAsPerson(people, { mxid, relation: 'session' }, (value) => ({ ...value, displayName: 'renamed' })),
      },
    ],
    foreign: {
      username: async ({ mxid, localpart }) => addForeign(people, { ...stranger, mxid, localpart }),
      email: async (address) =>
        addForeign(people, { ...stranger, threepids: [{ medium: 'email', address, addedAt: 1 }] }),
      identity: async (identity) => addForeign(people, { ...stranger, identities: [identity] }),
      token: async (token) => addForeign(people, { ...stranger, accessTokens: [{ token, createdAt: 1 }] }),
    },
    primaryEmail: async (whose) => {
      const account = allRows(people).find(({ relation, mxid }) => relation === 'account' && mxid === whose)
      const address = account?.value['primaryEmail']
      return typeof address === 'string' ? address : undefined
    },
    refuse: async (mxid) => {
      refused = mxid
      return async () => {
        refused = undefined
      }
    },
    breakConnection: async () => {
      connections++
    },
  }
}
