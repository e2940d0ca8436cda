/**
 * Where the host of an address leads: `loopback` to this machine alone; `unspecified` is written to listen everywhere, and nobody reaches
 * anything by it. Names under `.localhost` are `other`: where they lead is for whoever looks them up, and secrets go by what is said here.
 */
export const hostKind = ({ hostname }: URL): 'loopback' | 'unspecified' | 'other' => {
  if (LOOPBACK.test(hostname)) return 'loopback'
  return UNSPECIFIED.has(hostname) ? 'unspecified' : 'other'
}

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/u

const UNSPECIFIED: ReadonlySet<string> = new Set(['[::]', '0.0.0.0'])
