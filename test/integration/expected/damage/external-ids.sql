-- SSO identities. The mapping sends oidc-old to oidc-keycloak and leaves oidc-retired.
INSERT INTO users (name, password_hash, creation_ts, admin, upgrade_ts, is_guest, appservice_id, deactivated, shadow_banned, approved, locked, suspended) VALUES
  ('@sso:d.example:8448', '$2b$12$both', 1577836884, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@sso2:d.example:8448', NULL, NULL, 0, NULL, 0, NULL, 0, NULL, NULL, false, false);
INSERT INTO user_external_ids (auth_provider, external_id, user_id) VALUES
  ('oidc-keycloak', 'one', '@sso:d.example:8448'),
  ('oidc-keycloak', 'two', '@sso:d.example:8448'),
  ('oidc-keycloak', 'One', '@sso:d.example:8448'),
  ('oidc', 'one', '@sso:d.example:8448'),
  ('oidc-old', 'moved', '@sso:d.example:8448'),
  ('oidc-old', 'one', '@sso:d.example:8448'),
  ('oidc-old', 'two', '@sso2:d.example:8448'),
  ('oidc-retired', 'retired', '@sso:d.example:8448'),
  ('oidc-gone', 'one', '@sso:d.example:8448'),
  ('Oidc-Keycloak', 'one', '@sso:d.example:8448'),
  ('saml', 'one', '@sso:d.example:8448'),
  ('', 'empty provider', '@sso:d.example:8448'),
  ('oauth-delegated', '01JSHPZHAXC50QBKH67MH33TNZ', '@sso:d.example:8448'),
  ('oidc-keycloak', '', '@sso2:d.example:8448'),
  ('oidc-keycloak', repeat('x', 10000), '@sso2:d.example:8448'),
  ('oidc-keycloak', E'line\nbreak "quoted" \\ ü', '@sso2:d.example:8448');
INSERT INTO user_external_ids (auth_provider, external_id, user_id)
  SELECT 'oidc', left(string_agg(encode(sha256(n::text::bytea), 'base64'), '' ORDER BY n), 2680), '@sso2:d.example:8448'
  FROM generate_series(1, 61) AS n;
INSERT INTO user_external_ids (auth_provider, external_id, user_id)
  SELECT 'oidc', left(string_agg(encode(sha256(n::text::bytea), 'base64'), '' ORDER BY n), 2000), '@sso2:d.example:8448'
  FROM generate_series(1, 61) AS n;
