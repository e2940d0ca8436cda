/** Why a question that needs a secret was not asked. */
export const NO_SYNAPSE_CONFIG =
  'What Synapse and MAS know each other by is not known here: name homeserver.yaml by --synapse-config'

export const OVER_HTTP = 'A secret is not sent over plain http to an address that nobody gave'
