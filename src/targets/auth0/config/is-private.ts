const THIS_MACHINE: readonly string[] = ['127.0.0.1', '[::1]', 'localhost']

/** Whether nobody on the way can read what goes to an address: https, or this machine. */
export const isPrivate = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && THIS_MACHINE.includes(hostname))
