import type { ProgressListener } from '../../targets/progress.ts'

/** How far a batch is looked at: a target may tell of its accounts one by one, or of none until all are. */
export interface LooksOfBatch {
  readonly looked: (accounts: number) => void
  readonly ended: () => void
}

/** Counts the accounts that are looked at, over batches at work at the same time; a batch that is tried again counts once. */
export const countLooks = (
  total: number,
  progress: Pick<ProgressListener, 'advance'>,
): { batch(accounts: number): LooksOfBatch } => {
  let done = 0
  return {
    batch(accounts) {
      let own = 0
      const upTo = (now: number): void => {
        const more = Math.min(now, accounts) - own
        if (more <= 0) return
        own += more
        done += more
        progress.advance('accounts', done, total)
      }
      return { looked: (more) => upTo(own + more), ended: () => upTo(accounts) }
    },
  }
}
