import { readdir, readFile } from 'node:fs/promises'

const parentOf = (stat: string): number => Number(/\) . (\d+) /.exec(stat)?.[1])

interface Process {
  readonly pid: number
  readonly parent: number
  readonly name: string
}

const processes = async (): Promise<readonly Process[]> => {
  const found: Process[] = []
  for (const pid of (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    found.push({ pid: Number(pid), parent: parentOf(stat), name: /\((.*)\)/.exec(stat)?.[1] ?? '' })
  }
  return found
}

/** The most memory that the Keycloak that this process started had resident so far, bytes; undefined without /proc. */
export const javaPeakBytes = async (): Promise<number | undefined> => {
  const all = await processes()
  const isOurs = ({ parent }: Process): boolean => {
    if (parent === process.pid) return true
    const above = all.find(({ pid }) => pid === parent)
    return above !== undefined && isOurs(above)
  }
  const java = all.find((one) => one.name === 'java' && isOurs(one))
  if (java === undefined) return undefined
  const status = await readFile(`/proc/${java.pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
}
