import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConformanceHarness, TargetDefinition } from '../../../src/testing.ts'
import { soundHomeserver } from '../sound-mas.ts'
import { stranger } from './stranger.ts'

interface ToyPerson {
  readonly rows: Record<string, { readonly relation: string; value: unknown }>
  readonly ours: Record<string, string>
  readonly runs: Record<string, string>
}

/** The toy target on a file of its own. */
export const toyHarness = async (): Promise<ConformanceHarness & { remove(): Promise<void> }> => {
  const { target }: { readonly target: TargetDefinition } = await import(
    new URL('../toy-target/target.js', import.meta.url).href
  )
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-toy-'))
  const people = join(folder, 'people.json')
  const config = join(folder, 'toy.json')
  const configure = async (refuse: readonly string[]): Promise<void> =>
    writeFile(config, JSON.stringify({ file: 'people.json', pause: 1, refuse }))
  const read = async (): Promise<Record<string, ToyPerson>> =>
    JSON.parse(await readFile(people, 'utf8').catch(() => '{}'))
  const change = async (edit: (all: Record<string, ToyPerson>) => void): Promise<void> => {
    const all = await read()
    edit(all)
    await writeFile(people, JSON.stringify(all))
  }
  const rowsOf = (all: Record<string, ToyPerson>, mxid: string, relation: string) =>
    Object.entries(all[mxid]?.rows ?? {}).filter(([, row]) => row.relation === relation)
  const foreign = (mxid: string, id: string, relation: string, value: unknown): Promise<void> =>
    change((all) => {
      all[mxid] = { rows: { [id]: { relation, value } }, ours: {}, runs: {} }
    })

  return {
    name: 'toy',
    reset: async () => {
      await rm(people, { force: true })
      await configure([])
    },
    open: () =>
      target.open({ configFiles: [config], homeserver: soundHomeserver, signal: new AbortController().signal }),
    state: async () =>
      Object.entries(await read())
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([mxid, { rows }]) => [mxid, Object.entries(rows).toSorted(([a], [b]) => (a < b ? -1 : 1))]),
    personal: [
      {
        what: 'changes the password',
        relation: 'password',
        change: ({ mxid }) =>
          change((all) => {
            for (const [, row] of rowsOf(all, mxid, 'password')) row.value = 'another one'
          }),
      },
      {
        what: 'removes the e-mail',
        relation: 'threepid',
        removes: true,
        change: ({ mxid }) =>
          change((all) => {
            for (const [id] of rowsOf(all, mxid, 'threepid')) delete all[mxid]?.rows[id]
          }),
      },
    ],
    foreign: {
      username: ({ mxid, localpart }) => foreign(mxid, 'account ', 'account', { localpart }),
      email: (address) => foreign(stranger.mxid, `threepid email ${address}`, 'threepid', { medium: 'email', address }),
      identity: ({ providerId, subject }) =>
        foreign(stranger.mxid, `external_id ${providerId} ${subject}`, 'external_id', { subject }),
      token: (token) => {
        const key = createHash('sha256').update(JSON.stringify(token)).digest('hex').slice(0, 24)
        return foreign(stranger.mxid, `access_token ${key}`, 'access_token', { token })
      },
    },
    refuse: async (mxid) => {
      await configure([mxid])
      return () => configure([])
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
