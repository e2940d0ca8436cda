/** What nginx has to have before MAS and Synapse. Ports are those of their defaults. */
export const SEND_LOGINS_TO_MAS: readonly string[] = [
  'Have the proxy send the logins to MAS, before the line that sends the rest to the homeserver. For nginx:',
  'location ~ ^/_matrix/client/(.*)/(login|logout|refresh) { proxy_http_version 1.1; proxy_pass http://localhost:8080; proxy_set_header X-Forwarded-For $remote_addr; }',
]

export const SEND_MATRIX_TO_HOMESERVER: readonly string[] = [
  'Have the proxy send everything below /_matrix to the homeserver. For nginx:',
  'location ~ ^(/_matrix|/_synapse/client) { proxy_pass http://localhost:8008; proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header Host $host; }',
]

export const ALLOW_ORIGINS: readonly string[] = [
  'Synapse, Tuwunel, Dendrite and continuwuity send the header themselves: see which proxy takes it away, or answers in their place. For nginx: add_header Access-Control-Allow-Origin * always;',
]

/** What to look at where Synapse is there and cannot use MAS. */
export const SEE_MAS_FROM_SYNAPSE: readonly string[] = [
  'On the machine of Synapse, with `matrix_authentication_service.endpoint` of homeserver.yaml: curl ENDPOINT/.well-known/openid-configuration',
]

/** Where MAS refuses what Synapse calls itself by. */
export const SAME_SECRET =
  "`matrix_authentication_service.secret` in homeserver.yaml and `matrix.secret` in MAS's configuration have to be the same, or the files that `secret_path` and `secret_file` name: see for a line break at the end."
