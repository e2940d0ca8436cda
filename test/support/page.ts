import type { Page } from '../../src/report/page.ts'

/** A page as a readiness has them, with every part that a page can have. */
export const page: Page = {
  kind: 'readiness',
  title: 'Readiness',
  subject: 'example.org',
  about: 'https://matrix.example.org → https://auth.example.org/',
  at: '2026-11-23T03:15:00.000Z',
  syn2op: '0.1.0',
  verdict: {
    tone: 'bad',
    headline: 'Element X cannot log in',
    sentences: ['1 probe of 40 failed.', 'People see "doesn\'t support password or OAuth login".'],
  },
  sections: [
    {
      title: 'Who can do what',
      table: {
        columns: ['Client', 'Log in', 'Seen'],
        names: 1,
        rows: [
          ['Element X', 'no', '404 <html>'],
          ['Element Web', 'yes', 'by the OP | as @somebody:example.org'],
        ],
      },
    },
    { title: 'What is wrong', sentences: ['METADATA_STABLE: 404 without M_UNRECOGNIZED.'] },
    { title: 'The walk', table: { columns: ['Step', 'Took'], names: 1, rows: [['token', { milliseconds: 1250 }]] } },
    { title: 'Nothing to say', table: { columns: ['Probe'], names: 1, rows: [] } },
  ],
  next: [
    { text: 'Let the proxy pass this path:', commands: ['location /_matrix/client/ {', '  proxy_pass http://x;', '}'] },
  ],
  cases: [
    { suite: 'Homeserver', name: 'VERSIONS', output: '200, v1.12' },
    {
      suite: 'Homeserver',
      name: 'METADATA_STABLE',
      failure: { type: 'error', message: 'It has to answer', detail: '404 <html>\nproxy_pass' },
    },
    { suite: 'OP', name: 'REGISTRATION', skipped: 'it leaves a record: --register' },
    { suite: 'Walk', name: 'token', milliseconds: 1250 },
  ],
}
