import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compileProvider, PROVIDER_FOLDER, whyNoCompiler } from './keycloak-provider/compile.ts'

/*
 * build-keycloak-provider.ts
 *
 * Writes synapse-bcrypt.jar from its sources; needs a JDK 17 and Maven. The jar is committed, so that nobody else does;
 * a test notices when it is stale.
 */
const missing = await whyNoCompiler()
if (missing !== undefined) throw new Error(`The provider cannot be compiled here: ${missing}`)
const jar = await compileProvider()
await writeFile(join(PROVIDER_FOLDER, 'synapse-bcrypt.jar'), jar)
console.log(`synapse-bcrypt.jar ${createHash('sha256').update(jar).digest('hex')}`)
