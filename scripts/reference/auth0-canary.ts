import { CLAIMS } from '../../src/targets/auth0/canary/claims.ts'
import { code, pageHead, table } from './markdown.ts'

const claims = table(
  ['Claim', 'As syn2op takes it to be', 'Where it is not so'],
  CLAIMS.map(({ id, says, otherwise }) => [code(id), says, otherwise]),
)

/** docs/reference/auth0-canary.md, from the claims themselves. */
export const auth0CanaryPage = (): string => `${pageHead('What the canary asks an Auth0 tenant')}

Auth0 publishes most of what syn2op relies on, and [each such rule](auth0-rules.md) has its source. What stands here it does not say in words, or its texts contradict each other: \`syn2op auth0 canary\` tries each at your tenant, by five users of reserved names that it deletes again, and says *confirmed*, *refuted*, or why it could not be asked. Rules whose grade is *inferred*, and which do not stand here, are asked by nobody.

${claims}
`
