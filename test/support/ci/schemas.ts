import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'

const FILES = {
  action: 'github-action.json',
  workflow: 'github-workflow.json',
  gitlab: 'gitlab.com/gitlab-org/gitlab/-/raw/master/app/assets/javascripts/editor/schema/ci.json',
} as const

const require = createRequire(import.meta.url)

/** What the published schema has against a file's contents. */
export const schemaErrors = (kind: keyof typeof FILES, contents: unknown): readonly string[] => {
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })
  addFormats.default(ajv)
  const schema = JSON.parse(readFileSync(require.resolve(`schemastore/schemas/json/${FILES[kind]}`), 'utf8')) as object
  ajv.validate(schema, contents)
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}
