import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Syn2opError } from '../../errors/syn2op-error.ts'

export interface Lease {
  release(): void
}

/** A run is entered at the begin and at the end only: whoever holds the lease never holds it back for long. */
const FILE_MODE = 0o600

/**
 * Keeps two runs into one target apart, for as long as this process lives: the lock is the system's, on a file in the
 * folder of the runs, so a process that died holds it no longer, however it died. It keeps away nobody who works from
 * another folder or machine: it is advisory.
 * @throws Syn2opError target.locked, naming who holds it.
 */
export const takeLease = async (runs: string, target: string): Promise<Lease> => {
  await mkdir(runs, { recursive: true, mode: 0o700 })
  const name = `lease-${encodeURIComponent(target)}`
  const owner = join(runs, `${name}.json`)
  const database = new DatabaseSync(join(runs, `${name}.sqlite`))
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (cause) {
    database.close()
    throw new Syn2opError('target.locked', `Another run works with the target ${target}: ${await ownerOf(owner)}`, {
      cause,
      next: ['Wait until it has ended, or stop it (Ctrl-C); what it has done stays, and `--resume` does the rest.'],
    })
  }
  const started = new Date(performance.timeOrigin).toISOString()
  await writeFile(owner, JSON.stringify({ pid: process.pid, started, host: hostname() }), { mode: FILE_MODE })
  return { release: () => database.close() }
}

const ownerOf = async (file: string): Promise<string> => {
  const text = await readFile(file, 'utf8').catch(() => '')
  const [, pid, started, host] = /"pid":(\d+),"started":"([^"]+)","host":"([^"]*)"/u.exec(text) ?? []
  return pid === undefined ? 'it cannot be seen which' : `process ${pid} on ${host}, started ${started}`
}
