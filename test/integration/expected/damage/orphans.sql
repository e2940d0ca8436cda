-- Rows of accounts that do not exist: deleted by hand, of another server, or written in another case.
INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at) VALUES
  ('@gone:d.example:8448', 'email', 'orphan@d.example', 1609459200401, 1609459200401),
  ('@nobody:elsewhere.example', 'msisdn', '447700900002', 1609459200402, 1609459200402);
INSERT INTO user_external_ids (auth_provider, external_id, user_id) VALUES
  ('oidc-keycloak', 'orphan', '@gone:d.example:8448');
INSERT INTO devices (user_id, device_id, display_name, last_seen, ip, user_agent, hidden) VALUES
  ('@gone:d.example:8448', 'ORPHAN', NULL, 1735689600401, '-', NULL, false),
  ('@nobody:elsewhere.example', 'ORPHAN', NULL, NULL, NULL, NULL, NULL),
  ('@ORDINARY:d.example:8448', 'ORPHAN', NULL, NULL, NULL, NULL, false);
INSERT INTO refresh_tokens (id, user_id, device_id, token) VALUES
  (401, '@gone:d.example:8448', 'ORPHAN', 'syr_orphan');
INSERT INTO access_tokens (id, user_id, device_id, token, valid_until_ms, puppets_user_id, last_validated, refresh_token_id, used) VALUES
  (401, '@gone:d.example:8448', 'ORPHAN', 'syt_orphan', NULL, NULL, 1672531200401, 401, false),
  (402, '@gone:d.example:8448', NULL, 'syt_orphan_deviceless', NULL, NULL, 1672531200402, NULL, false),
  (403, '@nobody:elsewhere.example', 'ORPHAN', 'syt_orphan_foreign', NULL, NULL, 1672531200403, NULL, false),
  (404, '@ORDINARY:d.example:8448', 'ORPHAN', 'syt_orphan_case', NULL, NULL, 1672531200404, NULL, false);
