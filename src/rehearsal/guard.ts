import { endCluster } from './end-cluster.ts'

/**
 * A process of its own that outlives ours by a moment: our end, whatever its cause (Ctrl-C, a crash, SIGKILL), closes its
 * standard input; then it ends the server and deletes the folder. Arguments: the folder, and `keep` or `delete`.
 */
const [folder, remains] = process.argv.slice(2)
if (folder !== undefined && folder !== '') {
  process.stdin.resume()
  process.stdin.once('close', () => void endCluster(folder, remains === 'keep' ? 'keep' : 'delete'))
}
