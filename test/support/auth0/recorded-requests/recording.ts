import type { Received } from '../../../../src/rehearsal/standins/auth0/http.ts'
import type { ApiRequest } from '../../../../src/rehearsal/standins/auth0/rules/rule.ts'
import { asTrialRequest } from './as-trial.ts'
import { asking, linking } from './company.ts'
import { joining } from './joining.ts'
import { moving } from './moving.ts'
import { mending, preparing } from './preparing.ts'

const SCENARIOS = [moving, preparing, mending, linking, joining, asking]

/** Does all that the program does at a tenant, and gives what it sent, in order, as trials send it. */
export const recordRequests = async (): Promise<readonly ApiRequest[]> => {
  const requests: ApiRequest[] = []
  for (const scenario of SCENARIOS) {
    const came: Received[] = []
    const seat = await scenario((received) => void came.push(received))
    for (const received of came) requests.push(await asTrialRequest(received, seat))
  }
  return requests
}
