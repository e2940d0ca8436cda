import { createHmac } from 'node:crypto'
import { secretKey } from '../../../report/secret-key.ts'
import { refuseGivenAway } from './refuse-given-away.ts'

/**
 * The key by which a sample is masked: the bytes of a file, which is made with a random one where it is not there (0600).
 * @param out the folder of the sample, in which the key must not be, nor in the same git repository.
 * @throws Syn2opError usage, config.unreadable
 */
export const sampleKey = async (file: string, out: string): Promise<Buffer> => {
  await refuseGivenAway(file, out)
  return secretKey(file, '--key')
}

/** A number of the key, by which is ordered what has no order of its own. */
export const seedOf = (key: Buffer): bigint => createHmac('sha256', key).update('order').digest().readBigInt64BE()
