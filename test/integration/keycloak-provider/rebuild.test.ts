import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { compileProvider, PROVIDER_FOLDER, whyNoCompiler } from '../../../scripts/keycloak-provider/compile.ts'

/** SYN2OP_TEST_REQUIRE=all: nothing may be skipped for want of a tool. */
const missing = process.env['SYN2OP_TEST_REQUIRE'] === 'all' ? undefined : await whyNoCompiler()

it.skipIf(missing)(`the jar is what its sources make${missing ? ` (${missing})` : ''}`, async () => {
  const committed = await readFile(join(PROVIDER_FOLDER, 'synapse-bcrypt.jar'))
  const made = await compileProvider()
  expect(made.equals(committed), 'not the same bytes: node scripts/build-keycloak-provider.ts').toBe(true)
})
