import type { Login, OpenPages, Visit } from './pages.ts'
import { listenForRedirect } from './redirect-listener.ts'

/** How long somebody has for a login. */
const PATIENCE_MINUTES = 10

/** Tells a person the address, and waits until they come back. */
export const pagesByHand: OpenPages = async () => {
  const listener = await listenForRedirect()
  let isWayTold = false
  return {
    redirectUri: listener.redirectUri,
    visit: async (url, { signal, note }, login) => {
      const { port } = listener
      note(`${loginWords(login)}\n  ${url}`)
      if (!isWayTold) {
        note(`From another machine, connect its browser to here first: ssh -L ${port}:127.0.0.1:${port} …`)
      }
      isWayTold = true
      const patience = AbortSignal.timeout(PATIENCE_MINUTES * 60_000)
      const state = new URL(url).searchParams.get('state') ?? ''
      const next = login.number < login.of ? 'another login' : 'nothing'
      try {
        return { landed: await listener.next(AbortSignal.any([signal, patience]), { state, next }), passed: [] }
      } catch (error) {
        signal.throwIfAborted()
        if (!patience.aborted) throw error
        return listener.cameWithout() ? { landed: listener.redirectUri, passed: [] } : NOBODY
      }
    },
    close: listener.stop,
  }
}

const loginWords = ({ as, number, of }: Login): string =>
  `Login ${number} of ${of} (as ${as}): log in with a test account, within ${PATIENCE_MINUTES} minutes, in a browser on this machine:`

const NOBODY: Visit = {
  why: `Nobody came back from the pages of the OP within ${PATIENCE_MINUTES} minutes`,
  remedy: ['Start again, or let a test account log in by itself: --account FILE'],
  passed: [],
  end: 'nobody',
}
