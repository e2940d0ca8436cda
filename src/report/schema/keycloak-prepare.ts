import { z } from 'zod'

const request = z.object({
  method: z.enum(['POST', 'PUT', 'DELETE']),
  path: z.string().describe('Below the realm, or from the root of Keycloak where it begins with //.'),
  body: z
    .record(z.string(), z.unknown())
    .exactOptional()
    .describe('Without secrets. Absent where a document is read, changed in the fields shown, and written back.'),
})

const step = z.object({
  id: z.string(),
  kind: z
    .enum(['create', 'change', 'run'])
    .describe('create: something new. change: fields of what is there. run: leaves no trace in the realm.'),
  what: z.string(),
  why: z.string().exactOptional(),
  fields: z.array(
    z.object({
      field: z.string().describe('Dotted, such as attributes.email.required.'),
      before: z.unknown().exactOptional().describe('Absent: it is not there.'),
      after: z.unknown().exactOptional().describe('Absent: it is not there.'),
    }),
  ),
  requests: z.array(request),
  inverse: z.union([z.array(request), z.string()]).describe('The requests that take it back, or why there are none.'),
  notes: z.array(z.string()).describe('What to do elsewhere because of it.'),
  outcome: z
    .enum(['done', 'failed', 'not attempted', 'undone', 'nothing', 'left'])
    .exactOptional()
    .describe('Absent: it is only shown. nothing: nothing of it was left. left: it stays, as note says.'),
  note: z.string().exactOptional().describe('What came of it, or why it stays.'),
})

export const keycloakPrepareSchema = z
  .object({
    kind: z.literal('keycloak-prepare'),
    format: z.literal(1).describe('Version of this format.'),
    syn2op: z.string().describe('Version of syn2op.'),
    action: z
      .enum(['plan', 'applied', 'undo', 'undone'])
      .describe('plan and undo: nothing was written. applied: steps were done. undone: they were taken back.'),
    target: z.object({ url: z.string(), realm: z.string() }),
    steps: z.array(step).describe('In the order in which they are done.'),
    byHand: z
      .array(z.object({ id: z.string(), what: z.string(), why: z.string(), lines: z.array(z.string()) }))
      .describe('What only people can do.'),
    wirings: z
      .array(
        z.object({
          application: z.enum(['synapse', 'mas']),
          file: z.string().describe('Where the block belongs.'),
          block: z.string().describe('YAML; its client secret is named by a file.'),
        }),
      )
      .describe('What applications must be told to sign people in by Keycloak.'),
    undoFile: z.string().exactOptional().describe('The file by which it is taken back.'),
    realmFile: z
      .string()
      .exactOptional()
      .describe('Where a new realm was written to, or what is added to one that exists and changes.'),
  })
  .describe('What syn2op keycloak prepare shows, did, or took back.')
