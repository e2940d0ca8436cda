import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { jsonSchemas } from '../src/report/schema/json-schemas.ts'

const folder = fileURLToPath(new URL('../docs/reference/json/', import.meta.url))
mkdirSync(folder, { recursive: true })
for (const [file, text] of Object.entries(jsonSchemas())) {
  writeFileSync(folder + file, text)
  console.log(`docs/reference/json/${file}`)
}
