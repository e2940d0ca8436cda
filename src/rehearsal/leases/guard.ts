/**
 * A process of its own that outlives a rehearsal's by a moment: its end, whatever its cause (Ctrl-C, a crash, SIGKILL), closes our
 * standard input; then all that its lease holds is ended, unless it is to be kept. Argument: the lease's folder.
 */
const [folder] = process.argv.slice(2)
if (folder !== undefined && folder !== '') {
  process.stdin.resume()
  process.stdin.once('close', () => {
    void import('./end-lease.ts').then(async ({ endAbandoned }) => endAbandoned(folder))
  })
}
