import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname, platform } from 'node:os'
import { bootOfMachine } from '../../migration/runs/process-mark.ts'

/**
 * A word where a system does not say it. A name has no blanks, and comes first: people are told it.
 */
const UNSAID = '-'

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
  const [name, machine, namespace, unique] = one.split(' ')
  const [itsName, itsMachine, itsNamespace, itsUnique] = other.split(' ')
  if (unique === undefined || namespace !== itsNamespace) return false
  if (unique === itsUnique && unique !== UNSAID) return true
  if (namespace !== FIRST_NAMESPACE && namespace !== UNSAID) return false
  return name === itsName && machine === itsMachine
}

/** How people call it. */
export const nameOfPlace = (place: string): string => place.split(' ')[0] ?? place
