import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname, platform } from 'node:os'
import { bootOfMachine } from '../../migration/runs/process-mark.ts'

/**
 * A word where a system does not say it. A name has no blanks, and comes first: people are told it.
 */
export const UNSAID = '-'

/** Linux gives the first process namespace of every machine this number. Source: PROC_PID_INIT_INO in linux/proc_ns.h. */
const FIRST_NAMESPACE = 'pid:[4026531836]'

/**
 * Where we are, in four words: the name of the machine or container; the machine's id; the process namespace; and what nobody else can
 * have at the same time: the boot of a Linux, the hardware of a Mac.
 */
export const describePlace = (): string => [hostname(), ...(platform() === 'linux' ? onLinux() : elsewhere())].join(' ')

/** Source: machine-id(5), pid_namespaces(7). */
const onLinux = (): readonly string[] => [
  said(() => readFileSync('/etc/machine-id', 'utf8')),
  said(() => readlinkSync('/proc/self/ns/pid')),
  said(bootOfMachine),
]

const elsewhere = (): readonly string[] => {
  const hardware = platform() === 'darwin' ? said(hardwareOfMac) : UNSAID
  return [hardware, UNSAID, hardware]
}

/** A Mac changes its name with the network that it is on. Source: ioreg(8). */
const hardwareOfMac = (): string => {
  const stdio = ['ignore', 'pipe', 'ignore'] as const
  const said = execFileSync('/usr/sbin/ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice'], {
    encoding: 'utf8',
    stdio: [...stdio],
  })
  return /"IOPlatformUUID" = "([^"]+)"/u.exec(said)?.[1] ?? ''
}

const said = (ask: () => string): string => {
  try {
    return ask().trim().replaceAll(/\s+/gu, '_') || UNSAID
  } catch {
    return UNSAID
  }
}

/**
 * Whether numbers of processes mean the same at two places, as `describePlace` says them. A machine that has another name by now is the
 * same one; two of one name are not, unless their ids agree too. The id of a container is that of its image, and says nothing.
 */
export const isSamePlace = (one: string, other: string): boolean => {
  const [ours, its] = [wordsOf(one), wordsOf(other)]
  if (ours === undefined || its === undefined || ours.namespace !== its.namespace) return false
  if (ours.unique === its.unique && ours.unique !== UNSAID) return true
  if (ours.namespace !== FIRST_NAMESPACE && ours.namespace !== UNSAID) return false
  return ours.name === its.name && ours.machine === its.machine
}

interface Place {
  readonly name: string
  readonly machine: string
  readonly namespace: string
  readonly unique: string
}

/** Undefined: it does not say which processes are meant. */
const wordsOf = (place: string): Place | undefined => {
  const [name = '', machine = '', namespace = '', unique] = place.split(' ')
  return unique === undefined ? undefined : { name, machine, namespace, unique }
}

/** How people call it. */
export const nameOfPlace = (place: string): string => place.split(' ')[0] ?? place
