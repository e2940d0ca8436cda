import type { OpenPages } from './pages.ts'
import { listenForRedirect } from './redirect-listener.ts'

/** How long somebody has for a login, in milliseconds. */
const PATIENCE = 10 * 60_000

/** Tells a person the address, and waits until they come back. */
export const pagesByHand: OpenPages = async () => {
  const listener = await listenForRedirect()
  return {
    redirectUri: listener.redirectUri,
    visit: async (url, { signal, note }) => {
      const { port } = listener
      note(`Log in with a test account, in a browser on this machine:\n  ${url}`)
      note(`From another machine, connect its browser to here first: ssh -L ${port}:127.0.0.1:${port} …`)
      const patience = AbortSignal.timeout(PATIENCE)
      try {
        return { landed: await listener.next(AbortSignal.any([signal, patience])), passed: [] }
      } catch (error) {
        signal.throwIfAborted()
        if (!patience.aborted) throw error
        const why = 'Nobody came back from the pages of the OP within 10 minutes'
        return { why, remedy: ['Start again, or let a test account log in by itself: --account FILE'], passed: [] }
      }
    },
    close: listener.stop,
  }
}
