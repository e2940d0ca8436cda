import { expect, test } from 'vitest'
import { roomProblems } from '../../../scripts/check-rooms.ts'

const wrong: readonly (readonly [file: string, source: string, problem: string])[] = [
  [
    'report/text/plan.ts',
    "import { connect } from '../../synapse/connect.ts'",
    ':1 report may not know synapse/connect.ts',
  ],
  ['synapse/audit.ts', "\nimport type { X } from '../targets/mas/x.ts'", ':2 synapse may not know targets/mas/x.ts'],
  ['targets/mas/copy.ts', "import { x } from '../keycloak/x.ts'", ':1 targets/mas may not know targets/keycloak/x.ts'],
  [
    'targets/mas/copy.ts',
    "export { x } from '../../terminal/table.ts'",
    ':1 targets/mas may not know terminal/table.ts',
  ],
  [
    'targets/mas/copy.ts',
    "import {\n  x,\n} from '../../synapse/connect.ts'",
    ':1 targets/mas may not know synapse/connect.ts but for its types',
  ],
  ['targets/mas/copy.ts', 'const home = process.env.HOME', ':1 reads process.env: have it passed in'],
  ['targets/mas/copy.ts', "import { env } from 'node:process'", ':1 reads process.env: have it passed in'],
  ['migration/run.ts', "const x = await import('../targets/mas/x.ts')", ':1 migration may not know targets/mas/x.ts'],
  ['report/plan.ts', "import pg from 'pg'", ':1 report may not speak to databases (pg)'],
  ['migration/run.ts', "import { Flags } from '@oclif/core/flags'", ':1 @oclif/core belongs to cli and commands'],
  [
    'rehearsal/standins/auth0/server.ts',
    "import { userId } from '../../../targets/auth0/accounts/user-id.ts'",
    ':1 rehearsal/standins may not know targets/auth0/accounts/user-id.ts',
  ],
  [
    'targets/auth0/plan.ts',
    "import type { Rule } from '../../rehearsal/standins/auth0/rules/rule.ts'",
    ':1 targets/auth0 may not know rehearsal/standins/auth0/rules/rule.ts',
  ],
  ['nowhere/x.ts', "import { x } from './y.ts'", ':1 stands in no room of scripts/rooms.ts'],
]

test.each(wrong)('%s: %s', (file, source, problem) => {
  expect(roomProblems(file, source)).toStrictEqual([`src/${file}${problem}`])
})

const right: readonly (readonly [file: string, source: string])[] = [
  ['commands/plan.ts', "import { x } from '../targets/mas/x.ts'\nconst home = process.env.HOME"],
  ['targets/mas/load/copy.ts', "import { x } from '../rows/tables.ts'\nimport { y } from '../../../postgres/copy.ts'"],
  ['targets/mas/copy.ts', "import type { HomeserverConfig } from '../../synapse/homeserver.ts'"],
  ['migration/run.ts', "import { silentProgress } from '../targets/target.ts'"],
  ['report/plan.ts', "import { Syn2opError } from '../errors/syn2op-error.ts'"],
  ['report/plan.ts', "// import pg from 'pg'\n/* process.env\nimport { x } from '../synapse/x.ts' */"],
]

test.each(right)('%s may: %s', (file, source) => {
  expect(roomProblems(file, source)).toStrictEqual([])
})
