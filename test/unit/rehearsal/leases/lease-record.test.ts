import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { readRecord, recordFile } from '../../../../src/rehearsal/leases/lease-record.ts'
import { isSamePlace } from '../../../../src/rehearsal/leases/place.ts'

it.each([
  ['a Mac', 'mac.local', 'mac.local 4A-7B - 4A-7B', 'mac-2.local 4A-7B - 4A-7B'],
  ['a Linux', 'vm pid:[4026531836]', 'vm 1f3a pid:[4026531836] monday', 'db 1f3a pid:[4026531836] monday'],
])('a record that an older syn2op wrote on %s is of the place of that name', async (_, place, here, elsewhere) => {
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-record-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const record = { format: 1, id: 'a', pid: 12, started: 'then', place, made: 0, kept: true, belongings: [] }
  await writeFile(recordFile(folder), JSON.stringify(record))
  const read = await readRecord(folder)
  expect(read).toMatchObject({ id: 'a', kept: true })
  expect([here, elsewhere].map((other) => isSamePlace(read?.place ?? '', other))).toEqual([true, false])
})
