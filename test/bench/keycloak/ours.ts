import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runSchema } from '../../../src/report/schema/documents.ts'
import type { DemoRealm } from '../../support/keycloak/demo-realm.ts'
import { type Measured, measure } from '../measure.ts'

export interface OursMeasured extends Measured {
  /** Accounts that it made. */
  readonly created: number
}

const PROGRAM = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))

/**
 * Moves the homeserver into the realm with the program as it was built, as a first run.
 * @param folder for its report
 */
export const migrateOurs = async ({ flags, runs, asOf }: DemoRealm, folder: string): Promise<OursMeasured> => {
  await rm(runs, { recursive: true, force: true })
  await mkdir(runs)
  const report = join(folder, 'run.json')
  const measured = await measure(process.execPath, [
    PROGRAM,
    'migrate',
    '--yes',
    ...flags,
    asOf,
    `--report=json=${report}`,
  ])
  const { outcomes = [] } = runSchema.parse(JSON.parse(await readFile(report, 'utf8')))
  return { ...measured, created: outcomes.find(({ outcome }) => outcome === 'created')?.count ?? 0 }
}

/**
 * Accounts a second of each window of so many accounts; what is left over at the end is no window.
 * @param writtenAt milliseconds since 1970, in order
 */
export const paceOfWindows = (writtenAt: readonly number[], size: number): readonly number[] =>
  Array.from({ length: Math.floor(writtenAt.length / size) }, (_, window) => {
    // A window ends where the next one begins, so that no pause between them is lost.
    const [from = 0, to = 0] = [writtenAt[window * size], writtenAt[(window + 1) * size] ?? writtenAt.at(-1)]
    return size / ((to - from) / 1000)
  })
