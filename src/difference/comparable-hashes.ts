import type { Client } from 'pg'
import { Syn2opError } from '../errors/syn2op-error.ts'
import { run } from '../postgres/statement.ts'
import { hashSelfTest } from './bucket-hash.ts'

/**
 * Both servers must hash both shapes of a value alike, and names too; every version from 14 on known to us does.
 * @throws Syn2opError verify.not-comparable
 */
export const requireComparableHashes = async (source: Client, target: Client): Promise<void> => {
  const [[here], [there]] = await Promise.all([run(source, hashSelfTest), run(target, hashSelfTest)])
  const rows = new Set([here?.source, here?.target, there?.source, there?.target])
  if (here !== undefined && rows.size === 1 && here.owner === there?.owner) return
  throw new Syn2opError('verify.not-comparable', 'The two PostgreSQL servers do not hash rows alike', {
    next: ['Use source and target on servers of the same major version and processor architecture.'],
  })
}
