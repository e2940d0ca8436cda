import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type PauseSwitch, pauseSwitch } from '../../../../src/migration/pacing/pause-switch.ts'

let folder: string
let file: string
let pause: PauseSwitch | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syn2op-pause-'))
  file = join(folder, 'pause')
})

afterEach(async () => {
  await pause?.end()
  await rm(folder, { recursive: true, force: true })
})

const until = async (wanted: boolean): Promise<void> => {
  while (pause?.isPaused() !== wanted) await sleep(20)
}

test('the file pauses while it is there, and each change is told once', async () => {
  let changes = 0
  pause = pauseSwitch(file)
  pause.onChange(() => void changes++)
  expect(pause.isPaused()).toBe(false)
  await writeFile(file, '')
  await until(true)
  await rm(file)
  await until(false)
  expect(changes).toBe(2)
})

test('toggle makes the file and removes it, and the file alone counts afterwards', async () => {
  pause = pauseSwitch(file)
  await pause.toggle()
  expect(pause.isPaused()).toBe(true)
  expect(existsSync(file)).toBe(true)
  await rm(file)
  await until(false)
  await pause.toggle()
  await pause.toggle()
  expect(pause.isPaused()).toBe(false)
  expect(existsSync(file)).toBe(false)
})

test('toggle holds where no file can be made', async () => {
  pause = pauseSwitch(join(folder, 'gone', 'pause'))
  await pause.toggle()
  expect(pause.isPaused()).toBe(true)
  await sleep(400)
  expect(pause.isPaused()).toBe(true)
  await pause.toggle()
  expect(pause.isPaused()).toBe(false)
})

test('toggle holds where nobody keeps runs in a folder', async () => {
  pause = pauseSwitch(undefined)
  await pause.toggle()
  expect(pause.isPaused()).toBe(true)
})

test('a file that is there already pauses from the beginning, and a run leaves none', async () => {
  await writeFile(file, '')
  pause = pauseSwitch(file)
  expect(pause.isPaused()).toBe(true)
  await pause.end()
  expect(existsSync(file)).toBe(false)
})
