import { secretKey } from '../secret-key.ts'

/**
 * The key of the pseudonyms: the bytes of a file, which is made with a random one where it is not there.
 * @throws Syn2opError config.unreadable, or usage for a file that is too short or that others may read.
 */
export const pseudonymKey = (file: string): Promise<Buffer> => secretKey(file, '--pseudonymise')
