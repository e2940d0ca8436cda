import { z } from 'zod'
import { milliseconds } from './parts.ts'

const message = z
  .object({
    line: z.string().describe('Method and address, or status.'),
    headers: z.array(z.string()),
    body: z.string().exactOptional().describe('Shortened.'),
  })
  .meta({ id: 'Message', description: 'A request or an answer, every secret masked.' })

const step = z
  .object({
    step: z.string(),
    outcome: z
      .enum(['ok', 'differs', 'failed', 'skipped'])
      .describe('differs: not as Matrix asks for; the way goes on as this OP has it.'),
    words: z.string(),
    remedy: z.array(z.string()),
    messages: z.array(
      z.object({ request: message, answer: message.exactOptional(), failure: z.string().exactOptional() }),
    ),
    milliseconds,
  })
  .meta({ id: 'Step', description: "One step of a client's way." })

export const walk = z
  .object({
    as: z.string().describe('As which client it went.'),
    outcome: z.enum(['passed', 'differs', 'failed']),
    steps: z.array(step),
  })
  .describe("A client's whole way with a test account.")
