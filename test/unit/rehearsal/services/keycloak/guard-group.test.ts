import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'

const GUARD = fileURLToPath(new URL('../../../../../src/rehearsal/services/keycloak/guard-group.ts', import.meta.url))

/** Starts a group with a child of its own, has it guarded, and says that it did. */
const OWNER = `
const { spawn } = await import('node:child_process')
const { guardGroup } = await import(process.argv[1])
const group = spawn('sh', ['-c', 'sleep 600 & wait'], { stdio: ['ignore', 'inherit', 'inherit'], detached: true })
guardGroup(group.pid, process.argv[2])
console.log('guarded')
setInterval(() => {}, 60_000)
`

const startOwner = async (folder: string) => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', OWNER, GUARD, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-guarded-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

describe('the guard of a group of processes', () => {
  it('ends all of it, and deletes its folder, when its owner is killed', async () => {
    const folder = await newFolder()
    const child = await startOwner(folder)
    child.kill('SIGKILL')
    // Comes when the last of the group has let go of the output that it shares.
    await once(child, 'close')
    await expect.poll(() => access(folder).catch((error: NodeJS.ErrnoException) => error.code)).toBe('ENOENT')
  })
})
