import { Syn2opError } from '../../errors/syn2op-error.ts'

export const cannotRollBack = (target: string): Syn2opError =>
  new Syn2opError('run.not-possible', `The target ${target} cannot take back what a run has written`, {
    next: [`Restore ${target} from the backup that was made before the run.`],
  })
