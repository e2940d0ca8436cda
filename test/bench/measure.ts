import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Measured {
  /** From the start of the process to its end. */
  readonly seconds: number
  /** The most memory that was resident at a time, bytes; undefined where the system has no /proc. */
  readonly peakBytes?: number
}

/** The kernel keeps the highest mark itself, so only growth between the last look and the end can be missed. */
const LOOK_EVERY_MS = 20

const highWaterMark = async (pid: number): Promise<number | undefined> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024
}

/** Runs a program to its end and measures it. @throws Error with the end of its output when it fails. */
export const measure = async (program: string, args: readonly string[]): Promise<Measured> => {
  const started = performance.now()
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-5000)
    })
  }
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', () => resolve((performance.now() - started) / 1000))
  })
  const closed = once(child, 'close')
  let peakBytes: number | undefined
  const watched = (async () => {
    while (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      peakBytes = (await highWaterMark(child.pid)) ?? peakBytes
      await sleep(LOOK_EVERY_MS)
    }
  })()
  const [seconds] = await Promise.all([ended, closed, watched])
  if (child.exitCode !== 0) {
    throw new Error(`${program} ${args[0]} ended with ${child.exitCode ?? child.signalCode}:\n${output}`)
  }
  return { seconds, ...(peakBytes !== undefined && { peakBytes }) }
}

/** Kills a program after some seconds. @returns false where it had ended by then. */
export const killedAfter = async (program: string, args: readonly string[], seconds: number): Promise<boolean> => {
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1' },
    stdio: 'ignore',
  })
  const ended = once(child, 'exit')
  await Promise.race([ended, sleep(seconds * 1000)])
  const hit = child.exitCode === null && child.signalCode === null
  child.kill('SIGKILL')
  await ended
  return hit
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]]
  return sorted.length % 2 === 1 ? high : (low + high) / 2
}
