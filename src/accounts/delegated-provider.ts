/** What an earlier delegation to MAS wrote into `user_external_ids.auth_provider`: no rule carries its rows. */
export const DELEGATED_PROVIDER = 'oauth-delegated'
