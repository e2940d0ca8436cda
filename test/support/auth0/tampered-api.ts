import type {
  ManagementAnswer,
  ManagementApi,
  ManagementRequest,
} from '../../../src/targets/auth0/api/management-api.ts'

/** What a tenant answers that is not as syn2op takes it to be. `ask`: as the stand-in answers. */
export type Tampering = (
  request: ManagementRequest,
  ask: () => Promise<ManagementAnswer>,
) => Promise<ManagementAnswer> | undefined

/** Asks as before, but for what is answered otherwise. */
export const tampered = (api: ManagementApi, tampering: Tampering): ManagementApi => ({
  ...api,
  send: (request) => tampering(request, () => api.send(request)) ?? api.send(request),
})

export const answering = (status: number, body: unknown): Promise<ManagementAnswer> =>
  Promise.resolve({ status, body, headers: {} })
