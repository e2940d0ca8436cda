import { Args, Flags } from '@oclif/core'
import { sourceFlags } from './flags.ts'

export const readinessArgs = {
  homeserver: Args.string({
    description: 'Its server name (example.org), the part of Matrix ids behind the colon, or its URL',
  }),
}

/** What is asked, of whom. */
export const readinessFlags = {
  'op': Flags.string({
    summary: 'The issuer of an OP, as its documents write it; else as the homeserver says',
    helpValue: 'ISSUER',
    helpGroup: 'SUBJECT',
  }),
  'server-name': Flags.string({
    summary: 'Server name of a homeserver that is given by its URL: its .well-known is asked too',
    helpValue: 'NAME',
    helpGroup: 'SUBJECT',
  }),
  'synapse-config': Flags.string({
    summary: `${sourceFlags['synapse-config'].summary ?? ''}. Alone: nobody is asked`,
    helpValue: 'FILE',
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: 'SUBJECT',
  }),
  'origin': Flags.string({
    summary: 'Origin of the web client in whose name is asked',
    helpValue: 'URL',
    default: 'https://app.element.io',
    helpGroup: 'SUBJECT',
  }),
  'token-file': Flags.string({
    summary: "File that holds a user's access token, for what only users are told; - is the standard input",
    helpValue: 'FILE',
    helpGroup: 'SUBJECT',
  }),
  'register': Flags.boolean({
    summary: 'Ask also what leaves something behind at the OP, such as the record of a client; what can be deleted is',
    helpGroup: 'SUBJECT',
  }),
  'compare': Flags.string({
    summary: 'Say what is other than in an earlier result, a file of --report json=FILE',
    helpValue: 'FILE',
    helpGroup: 'RESULT',
  }),
  'watch': Flags.boolean({
    summary: 'Ask again and again, until no error is left and every kind of client can log in',
    helpGroup: 'WATCH',
    exclusive: ['register', 'walk'],
  }),
  'every': Flags.integer({
    summary: 'Seconds between two rounds (5 unless you say)',
    helpValue: 'SECONDS',
    min: 1,
    max: 3600,
    helpGroup: 'WATCH',
    dependsOn: ['watch'],
  }),
  'for': Flags.integer({
    summary: 'Watch no longer than this',
    helpValue: 'MINUTES',
    min: 1,
    max: 10_080,
    helpGroup: 'WATCH',
    dependsOn: ['watch'],
  }),
  'walk': Flags.boolean({
    summary: "Go a client's whole way, from the metadata to a token and its end, and show every step",
    helpGroup: 'WALK',
  }),
  'account': Flags.string({
    summary: 'File of one line, `username password`, of a test account that a browser logs in; else you do',
    helpValue: 'FILE',
    helpGroup: 'WALK',
    dependsOn: ['walk'],
  }),
  'browser': Flags.string({
    summary: 'Chromium for --account; else one is looked for',
    helpValue: 'FILE',
    helpGroup: 'WALK',
    dependsOn: ['walk'],
  }),
  'client-id': Flags.string({
    summary: 'A public client that the OP knows, where clients may not register themselves',
    helpValue: 'ID',
    helpGroup: 'WALK',
    dependsOn: ['walk'],
  }),
}
