import { z } from 'zod'

const request = z.object({
  method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']),
  path: z
    .string()
    .describe('Keycloak: below the realm, or from the root where it begins with //. Auth0: below /api/v2.'),
  body: z
    .unknown()
    .exactOptional()
    .describe('Without secrets. Absent where a document is read, changed in the fields shown, and written back.'),
})

export const preparedStep = z.object({
  id: z.string(),
  kind: z
    .enum(['create', 'change', 'run'])
    .describe('create: something new. change: fields of what is there. run: leaves no trace there.'),
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

export const preparedByHand = z.object({
  id: z.string(),
  what: z.string(),
  why: z.string(),
  lines: z.array(z.string()),
})

export const prepareAction = z
  .enum(['plan', 'applied', 'undo', 'undone'])
  .describe('plan and undo: nothing was written. applied: steps were done. undone: they were taken back.')
