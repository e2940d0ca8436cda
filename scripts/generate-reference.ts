import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { settingsFileSchema } from '../src/config/settings-schema.ts'
import { jsonSchemas } from '../src/report/schema/json-schemas.ts'
import { auth0CanaryPage } from './reference/auth0-canary.ts'
import { auth0LimitsPage } from './reference/auth0-limits.ts'
import { auth0RulesPage } from './reference/auth0-rules.ts'
import { codesPage } from './reference/codes.ts'
import { commandsPage } from './reference/commands.ts'
import { configurationPage } from './reference/configuration.ts'
import { mappingJsonSchema, mappingPage } from './reference/mapping.ts'
import { readinessPage } from './reference/readiness.ts'

/*
 * generate-reference.ts [--check]
 *
 * Writes docs/reference/ and the JSON Schemas from the sources; with --check it only names what is out of date.
 */
const root = new URL('../', import.meta.url)
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

const pages: Readonly<Record<string, string>> = {
  'docs/reference/commands.md': await commandsPage(),
  'docs/reference/configuration.md': configurationPage(),
  'docs/reference/mapping.md': await mappingPage(),
  'docs/reference/codes.md': codesPage(),
  'docs/reference/auth0-rules.md': auth0RulesPage(),
  'docs/reference/auth0-limits.md': auth0LimitsPage(),
  'docs/reference/auth0-canary.md': auth0CanaryPage(),
  'docs/reference/readiness.md': readinessPage(),
  'docs/reference/configuration.schema.json': json(z.toJSONSchema(settingsFileSchema, { io: 'input' })),
  'mappings/mas.schema.json': json(mappingJsonSchema()),
  'mappings/keycloak.schema.json': json(mappingJsonSchema()),
  'mappings/auth0.schema.json': json(mappingJsonSchema()),
  ...Object.fromEntries(Object.entries(jsonSchemas()).map(([name, text]) => [`docs/reference/json/${name}`, text])),
}

for (const [name, text] of Object.entries(pages)) {
  const file = new URL(name, root)
  const present = await readFile(file, 'utf8').catch(() => undefined)
  if (present === text) continue
  if (process.argv.includes('--check')) {
    console.error(`${name} is out of date: npm run docs`)
    process.exitCode = 1
  } else {
    await mkdir(new URL('.', file), { recursive: true })
    await writeFile(file, text)
    console.log(name)
  }
}
