import { type Answer, type Incoming, refusal } from '../answer.ts'
import { type Part, readMultipart } from '../multipart.ts'
import type { Connection, Tenant } from '../tenant.ts'
import type { ImportRequest } from './import-jobs.ts'
import { IMPORT_BYTES } from './speeds.ts'

type Read = Omit<ImportRequest, 'fault'>

const invalid = (message: string): Answer =>
  refusal(400, 'Bad Request', `Payload validation error: '${message}`, 'invalid_body')

const missing = (name: string): Answer => invalid(`Missing required property: ${name}'.`)

const CONNECTION_ID = /^con_[A-Za-z0-9]{16}$/u

const flagOf = (parts: ReadonlyMap<string, Part>, name: string, unsaid: boolean): boolean | Answer => {
  const text = parts.get(name)?.content.toString()
  if (text === undefined) return unsaid
  if (text === 'true' || text === 'false') return text === 'true'
  return invalid(`Expected type boolean but found type string' on property ${name}.`)
}

const connectionOf = (tenant: Tenant, id: string): Connection | Answer => {
  if (!CONNECTION_ID.test(id))
    return invalid(`String does not match pattern ^con_[A-Za-z0-9]{16}$' on property connection_id`)
  const connection = tenant.connections.get(id)
  if (connection === undefined)
    return refusal(400, 'Bad Request', 'The connection does not exist', 'inexistent_connection')
  return connection.strategy === 'auth0'
    ? connection
    : refusal(400, 'Bad Request', 'Connection must be a database connection', 'operation_not_supported')
}

/** What a request for an import asks for, or why it is refused. */
export const readImportRequest = (tenant: Tenant, { body, headers }: Incoming): Read | Answer => {
  if (body.byteLength > IMPORT_BYTES)
    return refusal(
      413,
      'Request Entity Too Large',
      `Payload content length greater than maximum allowed: ${IMPORT_BYTES}`,
    )
  const form = readMultipart(headers['content-type'] ?? '', body)
  if (form === undefined)
    return refusal(400, 'Bad Request', 'Invalid content type: a multipart form is expected', 'invalid_body')
  const parts = new Map(form.map((part) => [part.name, part]))
  const users = parts.get('users')
  const id = parts.get('connection_id')
  if (users === undefined) return missing('users')
  if (id === undefined) return missing('connection_id')
  const connection = connectionOf(tenant, id.content.toString())
  if ('status' in connection) return connection
  const upsert = flagOf(parts, 'upsert', false)
  if (typeof upsert !== 'boolean') return upsert
  const mailsOwners = flagOf(parts, 'send_completion_email', true)
  if (typeof mailsOwners !== 'boolean') return mailsOwners
  const externalId = parts.get('external_id')?.content.toString()
  return {
    connection,
    file: users.content.toString('utf8'),
    upsert,
    mailsOwners,
    ...(externalId === undefined ? {} : { externalId }),
  }
}
