import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { Backends } from '../../backends.ts'

/**
 * A program that is named is an explicit wish; so is that nothing but containers counts.
 * @throws Syn2opError usage where both are wished for
 */
export const refuseExcludedMas = ({ masCli, wanted }: Pick<Backends, 'masCli' | 'wanted'>): void => {
  if (masCli === undefined || wanted !== 'containers') return
  throw new Syn2opError(
    'usage',
    `${masCli} is a program of this machine (--mas-cli, SYN2OP_REHEARSAL_MAS_CLI), and only containers are to count (--require containers)`,
    { next: ['Leave out --mas-cli and name an image: --image mas=IMAGE', 'or leave out --require containers.'] },
  )
}
