import fc from 'fast-check'
import { HOME, type Ours } from '../recorded-requests/ours.ts'
import { LETTERS, lackingScope, refusalOf, ruleOf, send } from './changes.ts'
import { type Mutation, type MutationOf, mutation } from './mutation.ts'

/** The limit is 512,000 bytes of the whole form. */
const MOST_BYTES = 512_000

const CONNECTION_ID = /^con_[A-Za-z0-9]{16}$/u

/** The form with which a file is sent, and the file. */
export const importMutations = (our: Ours): readonly Mutation[] => {
  const rows = [our.anna, our.berta]
  const file = JSON.stringify(rows)
  const whole = our.importing(rows)
  const submit = our.submitting(rows)
  const importing = (rule: string, wrongs: MutationOf['wrongs'], which = 0): Mutation =>
    mutation(rule, { given: HOME, steps: [whole], refusal: refusalOf(rule, which), wrongs })
  const others = (fields: Readonly<Record<string, string | null>>) => ({
    wrong: JSON.stringify(fields),
    steps: [our.importing(rows, fields)] as const,
  })
  const filed = (text: string) => ({
    wrong: `a file that begins ${text.slice(0, 20)} and has ${text.length} characters`,
    steps: [{ kind: 'import', file: text, ...(whole.fields === undefined ? {} : { fields: whole.fields }) }] as const,
  })
  const noBoolean = fc.string({ minLength: 1 }).filter((text) => text !== 'true' && text !== 'false')
  return [
    importing('import-request.users.required', [others({ users: null })]),
    importing('import-request.upsert', [noBoolean.map((upsert) => others({ upsert }))], 1),
    importing('import-request.send_completion_email', [
      noBoolean.map((text) => others({ send_completion_email: text })),
    ]),
    mutation('import-request.external_id', {
      given: HOME,
      steps: [whole, send(our.request('GET /api/v2/jobs/*'))],
      refusal: refusalOf('import-request.external_id'),
      wrongs: [
        {
          wrong: 'a job that is looked for by its external_id',
          steps: [
            whole,
            send({
              ...our.request('GET /api/v2/jobs/*'),
              path: `/api/v2/jobs?external_id=${whole.fields?.['external_id']}`,
            }),
          ],
        },
      ],
    }),
    importing('import-request.connection_id.required', [others({ connection_id: null })]),
    importing('import-request.connection_id.pattern', [
      fc
        .string({ minLength: 1 })
        .filter((id) => !CONNECTION_ID.test(id) && !id.includes('{'))
        .map((id) => others({ connection_id: id })),
      LETTERS.map((letters) => others({ connection_id: `con_${letters.slice(1)}` })),
      LETTERS.map((letters) => others({ connection_id: `con_${letters}0` })),
    ]),
    importing('import-request.connection_id.known', [
      LETTERS.map((letters) => others({ connection_id: `con_${letters}` })),
    ]),
    importing('import-request.connection_id.database', [
      {
        ...others({ connection_id: '{enterprise}' }),
        given: { ...HOME, enterprise: { strategy: 'oidc', scim: false } },
      },
    ]),
    importing('import-request.connection_id.enabled', [
      {
        wrong: 'no application uses the connection',
        given: { ...HOME, connection: { ...HOME.connection, enabled: false } },
        steps: [whole],
      },
    ]),
    importing('import-request.multipart', [
      {
        wrong: 'the same as JSON',
        steps: [send({ method: submit.method, path: submit.path, json: { ...whole.fields, users: rows } })],
      },
    ]),
    importing('import-request.size', [
      fc.integer({ min: 0, max: 1000 }).map((more) => filed(file.padEnd(MOST_BYTES + more))),
    ]),
    mutation('import-request.scope', {
      given: HOME,
      steps: [whole],
      refusal: refusalOf('import-request.scope'),
      wrongs: [lackingScope(submit, ['create:users'])],
    }),
    importing('import-request.file.json', [
      fc.integer({ min: 1, max: file.length - 1 }).map((length) => filed(file.slice(0, length))),
      filed(rows.map((row) => JSON.stringify(row)).join('\n')),
    ]),
    importing('import-request.file.array', [
      fc
        .constantFrom<unknown>(our.anna, { users: rows }, 'a text', 7, null)
        .map((value) => filed(JSON.stringify(value))),
    ]),
    ...inOneFile(our),
  ]
}

/** Rows that are wrong together. */
const inOneFile = (our: Ours): readonly Mutation[] => {
  const { anna, berta } = our
  const together = (id: string, rows: readonly unknown[], fields = {}): Mutation =>
    mutation(id, {
      given: HOME,
      steps: [our.importing([anna, berta])],
      refusal: refusalOf(id),
      wrongs: [{ wrong: ruleOf(id).breaks[0].wrong, steps: [our.importing(rows, fields)] }],
    })
  return [
    together('jobs.summary', [anna, { ...berta, email: 7 }]),
    together('jobs.bad-user', [
      { ...anna, email: 7 },
      { ...berta, username: 'a/b' },
    ]),
    together('jobs.twice-in-a-file', [anna, anna], { upsert: 'true' }),
    mutation('row.duplicate-in-file', {
      given: HOME,
      steps: [our.importing([anna, berta])],
      refusal: refusalOf('row.duplicate-in-file'),
      wrongs: [
        fc.constantFrom('email', 'username', 'user_id').chain((field) =>
          fc
            .constantFrom(
              String(anna[field]),
              field === 'user_id' ? String(anna[field]) : String(anna[field]).toUpperCase(),
            )
            .map((text) => ({
              wrong: `the same ${field} twice: ${text}`,
              steps: [our.importing([anna, { ...berta, [field]: text }])] as const,
            })),
        ),
      ],
    }),
  ]
}
