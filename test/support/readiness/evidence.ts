import { type Evidence, QUESTIONS, type QuestionName } from '../../../src/readiness/evidence.ts'
import type { Exchange, Question } from '../../../src/readiness/http/exchange.ts'

const QUESTION: Question = { method: 'GET', url: 'https://matrix.example.org/asked' }

/** An answer as a server gives it; every origin may read it unless headers say otherwise. */
export const answered = (
  status: number,
  body: unknown = '',
  headers: Readonly<Record<string, string>> = { 'access-control-allow-origin': '*' },
  question: Partial<Question> = {},
): Exchange => {
  const isText = typeof body === 'string'
  const asked = { ...QUESTION, ...question }
  return {
    question: asked,
    answer: {
      status,
      headers: { ...(isText ? {} : { 'content-type': 'application/json' }), ...headers },
      text: isText ? body : JSON.stringify(body),
      ...(isText ? {} : { json: body }),
      url: asked.url,
      milliseconds: 7,
    },
  }
}

/** An answer of 200 with just this text, which is JSON: as it is after a byte order mark. */
export const writtenAnswer = (text: string): Exchange => {
  const { question, answer } = answered(200, JSON.parse(text.replace(/^\uFEFF/u, '')))
  return answer === undefined ? failed() : { question, answer: { ...answer, text } }
}

/** A question that nobody answered. */
export const failed = (code = 'ECONNREFUSED', why = 'the connection was refused'): Exchange => ({
  question: QUESTION,
  failure: { code, why },
})

/** Evidence of what was asked; of every other question it says that it was not. */
export const evidenceOf = (
  asked: Readonly<Partial<Record<QuestionName, Exchange>>>,
  about: Partial<Omit<Evidence, 'asked' | 'notAsked'>> = {},
): Evidence => ({
  serverName: 'example.org',
  baseUrl: 'https://matrix.example.org',
  origin: 'https://app.element.io',
  applicationServices: [],
  ...about,
  asked,
  notAsked: Object.fromEntries(
    QUESTIONS.filter((name) => asked[name] === undefined).map((name) => [name, 'nobody asked for it']),
  ),
})
