import type { z } from 'zod'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { asUnclear } from '../../http/unclear.ts'
import type { ManagementAnswer, ManagementApi, ManagementRequest } from './management-api.ts'
import { wordsOf } from './words.ts'

/** `clash`: 409, somebody has a name, an address or an id of theirs. Nothing of the request is done in either case. */
export interface Refused {
  readonly kind: 'clash' | 'refused'
  readonly status: number
  /** Auth0's own, without hashes. */
  readonly words: string
}

/** Nothing was sent. */
export const refusedHere = (words: string): Refused => ({ kind: 'refused', status: 0, words })

/** `missing`: what was to be changed is not there. */
export type WriteAnswer = { readonly kind: 'done' } | { readonly kind: 'missing' } | Refused

export const refused = (answer: ManagementAnswer): Refused => ({
  kind: answer.status === 409 ? 'clash' : 'refused',
  status: answer.status,
  words: wordsOf(answer),
})

const isOk = ({ status }: ManagementAnswer): boolean => status >= 200 && status < 300

/** An answer that cannot be understood: which request got what kind of answer, nothing of its content but a refusal's words. */
const unexpectedAnswer = ({ method, path }: Pick<ManagementRequest, 'method' | 'path'>, answer: ManagementAnswer) =>
  asUnclear(
    new Syn2opError(
      'server.unreachable',
      `Auth0 answers ${method} ${path} with ${isOk(answer) ? `${answer.status} and JSON of another form` : `${answer.status} (${wordsOf(answer)})`}`,
      { next: ["See the tenant's log of this moment, and whether a newer syn2op is there."] },
    ),
  )

/** What an answer says, in the shape that is expected of it. @throws Syn2opError `server.unreachable` where it is another */
export const parsed = <Shape extends z.ZodType>(
  shape: Shape,
  request: Pick<ManagementRequest, 'method' | 'path'>,
  answer: ManagementAnswer,
): z.output<Shape> => {
  const result = isOk(answer) ? shape.safeParse(answer.body) : undefined
  if (result?.success !== true) throw unexpectedAnswer(request, answer)
  return result.data
}

type Question = Pick<ManagementRequest, 'path' | 'query' | 'signal'>

export const read = async <Shape extends z.ZodType>(
  api: ManagementApi,
  shape: Shape,
  question: Question,
): Promise<z.output<Shape>> => {
  const request = { method: 'GET', ...question } as const
  return parsed(shape, request, await api.send(request))
}

/** Undefined where there is no such thing. */
export const readIfThere = async <Shape extends z.ZodType>(
  api: ManagementApi,
  shape: Shape,
  question: Question,
): Promise<z.output<Shape> | undefined> => {
  const request = { method: 'GET', ...question } as const
  const answer = await api.send(request)
  return answer.status === 404 ? undefined : parsed(shape, request, answer)
}

export const write = async (api: ManagementApi, request: ManagementRequest): Promise<WriteAnswer> => {
  const answer = await api.send(request)
  if (isOk(answer)) return { kind: 'done' }
  return answer.status === 404 ? { kind: 'missing' } : refused(answer)
}

export type MadeAnswer<Made> = { readonly kind: 'made'; readonly made: Made } | Refused

/** For requests that answer with what they have made. */
export const make = async <Shape extends z.ZodType>(
  api: ManagementApi,
  shape: Shape,
  request: ManagementRequest,
): Promise<MadeAnswer<z.output<Shape>>> => {
  const answer = await api.send(request)
  return isOk(answer) ? { kind: 'made', made: parsed(shape, request, answer) } : refused(answer)
}
