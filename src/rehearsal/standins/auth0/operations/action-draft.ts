import { z } from 'zod'
import type { Answer } from '../answer.ts'
import type { ActionTrigger, ActionVersion } from '../tenant.ts'
import { type Body, invalidBody } from './payload.ts'

const TRIGGERS: readonly ActionTrigger[] = ['post-login', 'post-user-registration']

export const isTrigger = (value: string): value is ActionTrigger => TRIGGERS.some((trigger) => trigger === value)

const action = z.strictObject({
  name: z.string().min(1).optional(),
  supported_triggers: z
    .array(z.looseObject({ id: z.enum(TRIGGERS) }))
    .min(1)
    .optional(),
  code: z.string().optional(),
  dependencies: z.array(z.looseObject({ name: z.string(), version: z.string() })).optional(),
  secrets: z.array(z.looseObject({ name: z.string(), value: z.string() })).optional(),
  runtime: z.string().optional(),
  deploy: z.boolean().optional(),
  modules: z.array(z.unknown()).optional(),
})

/** Undefined where a new or changed Action is as the specification wants it. */
export const wrongAction = (body: Body, required: readonly string[]): Answer | undefined => {
  const missing = required.find((name) => body[name] === undefined)
  if (missing !== undefined) return invalidBody(`Missing required property: ${missing}`)
  const parsed = action.safeParse(body)
  if (parsed.success) return undefined
  const [issue] = parsed.error.issues
  return invalidBody(`${issue?.message} on property ${issue?.path.join('.')}`)
}

/** The first that it names. */
export const triggerOf = (body: Body): ActionTrigger =>
  action.parse(body).supported_triggers?.map(({ id }) => id)[0] ?? 'post-login'

/** The draft that a body makes of the one before. */
export const draftOf = (body: Body, before: ActionVersion): ActionVersion => {
  const { code, dependencies, runtime, secrets } = action.parse(body)
  return {
    code: code ?? before.code,
    dependencies: dependencies?.map(({ name, version }) => ({ name, version })) ?? before.dependencies,
    runtime: runtime ?? before.runtime,
    secrets: secrets?.map(({ name, value }) => ({ name, value })) ?? before.secrets,
  }
}
