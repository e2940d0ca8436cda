import { readlinkSync } from 'node:fs'
import { hostname, platform } from 'node:os'

/** Where numbers of processes mean the same as here: the machine's or container's name and, on Linux, its process namespace. */
export const describePlace = (): string => {
  if (platform() !== 'linux') return hostname()
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname()
  }
}
