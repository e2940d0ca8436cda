import type { ClientBase } from 'pg'
import type { DemoRealm } from '../../support/keycloak/demo-realm.ts'
import { newcomersWrittenAt, removeNewcomers } from '../../support/keycloak/newcomers.ts'
import { migrateOurs, paceOfWindows } from './ours.ts'
import { importMany, type Peer, postEach } from './peers.ts'
import type { PeerUser } from './people.ts'

/** What all that take turns work on. */
export interface Stand {
  /** Connected to Keycloak's database. */
  readonly client: ClientBase
  readonly demo: DemoRealm
  readonly folder: string
  /** For the peers; fewer than ours moves. */
  readonly people: readonly PeerUser[]
  /** Accounts in a window of ours. */
  readonly window: number
}

export type Road = 'POST /users, 8 at once' | 'partialImport, 500 a request' | 'syn2op migrate'

export interface Turn {
  readonly road: Road
  readonly accounts: number
  /** Of ours: of the whole process. */
  readonly seconds: number
  /** Accounts a second. */
  readonly pace: number
  /** Of ours: accounts a second of each window. */
  readonly windows?: readonly number[]
  /** Of ours: bytes. */
  readonly peakBytes?: number
}

/** Leaves those who were in the realm before, and lets Keycloak forget the others. */
export const clearRealm = async ({ client, demo: { realm } }: Stand): Promise<void> => {
  await removeNewcomers(client, realm.name)
  // What was left to be written must not be written while something is measured.
  await client.query('CHECKPOINT')
  await realm.admin.post('clear-user-cache', {})
}

const peerTurn = async (stand: Stand, road: Road, peer: Peer): Promise<Turn> => {
  const { people, demo } = stand
  await clearRealm(stand)
  const seconds = await peer(demo.realm, people)
  return { road, accounts: people.length, seconds, pace: people.length / seconds }
}

const oursTurn = async (stand: Stand): Promise<Turn> => {
  const { client, demo, folder, window } = stand
  await clearRealm(stand)
  const { created, seconds, peakBytes } = await migrateOurs(demo, folder)
  return {
    road: 'syn2op migrate',
    accounts: created,
    seconds,
    pace: created / seconds,
    windows: paceOfWindows(await newcomersWrittenAt(client, demo.realm.name), window),
    ...(peakBytes === undefined ? {} : { peakBytes }),
  }
}

/** How each road is gone once, into the realm as it was before. */
export const TURNS: Readonly<Record<Road, (stand: Stand) => Promise<Turn>>> = {
  'POST /users, 8 at once': (stand) => peerTurn(stand, 'POST /users, 8 at once', postEach),
  'partialImport, 500 a request': (stand) => peerTurn(stand, 'partialImport, 500 a request', importMany),
  'syn2op migrate': oursTurn,
}
