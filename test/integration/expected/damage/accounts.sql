-- Names, times and states of accounts.
INSERT INTO users (name, password_hash, creation_ts, admin, upgrade_ts, is_guest, appservice_id, deactivated, shadow_banned, approved, locked, suspended) VALUES
  ('@ordinary:d.example:8448', NULL, 1577836801, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@admin:d.example:8448', NULL, 1577836802, 1, NULL, 0, NULL, 0, false, true, false, false),
  ('@locked:d.example:8448', NULL, 1577836803, 0, NULL, 0, NULL, 0, NULL, NULL, true, false),
  ('@deactivated:d.example:8448', NULL, 1577836804, 0, NULL, 0, NULL, 1, NULL, NULL, false, false),
  ('@all_flags:d.example:8448', NULL, 1577836805, 1, NULL, 0, NULL, 1, true, false, true, true),
  ('@suspended:d.example:8448', NULL, 1577836806, 0, NULL, 0, NULL, 0, true, false, false, true),
  ('@twin:d.example:8448', NULL, 1577836807, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@Twin:d.example:8448', NULL, 1577836808, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@ü[weird]/=_.-+''"\:d.example:8448', NULL, 1577836809, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@8448:d.example:8448', NULL, 1577836810, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  -- creation_ts unknown, or no time at all
  ('@null_threepid:d.example:8448', NULL, NULL, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@null_device:d.example:8448', NULL, NULL, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@null_token:d.example:8448', NULL, NULL, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@null_keys:d.example:8448', NULL, NULL, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@null_several:d.example:8448', NULL, NULL, 0, NULL, 0, NULL, 0, NULL, NULL, true, false),
  ('@null_nothing:d.example:8448', NULL, NULL, 0, NULL, 0, NULL, 1, NULL, NULL, false, false),
  ('@zero:d.example:8448', NULL, 0, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@negative:d.example:8448', NULL, -1, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@in_ms:d.example:8448', NULL, 1577836800000, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@overflow:d.example:8448', NULL, 9223372036854775807, 0, NULL, 0, NULL, 0, NULL, NULL, true, false),
  -- other servers' users and names that are no Matrix user ids
  ('@someone:elsewhere.example', '$2b$12$foreign', 1577836821, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@noport:d.example', NULL, 1577836822, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@capitals:D.EXAMPLE:8448', NULL, 1577836823, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@suffix:bad.example:8448', NULL, 1577836824, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  (NULL, NULL, 1577836825, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('', NULL, 1577836826, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('justaname', NULL, 1577836827, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('noat:d.example:8448', NULL, 1577836828, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@nocolon', NULL, 1577836829, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@:d.example:8448', NULL, 1577836830, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@co:lon:d.example:8448', '$2b$12$colon', 1577836831, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  -- application services
  ('@_irc_bot:d.example:8448', '', 1577836841, 0, NULL, 0, 'irc', 0, NULL, NULL, false, false),
  ('@_irc_co:lon:d.example:8448', '', 1577836842, 0, NULL, 0, 'irc', 0, NULL, NULL, false, false),
  ('@_bridge_ghost:d.example:8448', '', 1577836843, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@outside:d.example:8448', '', 1577836844, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  -- guests
  ('@101:d.example:8448', NULL, 1577836851, 0, NULL, 1, NULL, 0, NULL, NULL, false, false),
  ('@102:d.example:8448', '$2b$12$guest', 1577836852, 0, NULL, 1, NULL, 0, NULL, NULL, false, false),
  ('@103:d.example:8448', NULL, 1577836853, 0, 1577836953, 0, NULL, 0, NULL, NULL, false, false);

INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at) VALUES
  ('@null_threepid:d.example:8448', 'email', 'null@d.example', 1609459200011, 1609459200011),
  ('@null_several:d.example:8448', 'email', 'several@d.example', 1609459200015, 1704067200015),
  ('@someone:elsewhere.example', 'email', 'foreign@d.example', 1609459200021, 1609459200021),
  ('@_irc_bot:d.example:8448', 'email', 'bot@d.example', 1609459200041, 1609459200041),
  ('@102:d.example:8448', 'email', 'guest@d.example', 1609459200052, 1609459200052);

INSERT INTO user_external_ids (auth_provider, external_id, user_id) VALUES
  ('oidc-keycloak', 'deactivated', '@deactivated:d.example:8448'),
  ('oidc-keycloak', 'foreign', '@someone:elsewhere.example'),
  ('oidc-keycloak', 'bot', '@_irc_bot:d.example:8448'),
  ('oidc-keycloak', 'guest', '@102:d.example:8448');

INSERT INTO devices (user_id, device_id, display_name, last_seen, ip, user_agent, hidden) VALUES
  ('@admin:d.example:8448', 'ADMIN', 'Admin''s laptop', 1735689600002, '192.0.2.2', 'Element/1.0', false),
  ('@locked:d.example:8448', 'LOCKED', NULL, NULL, NULL, NULL, false),
  ('@deactivated:d.example:8448', 'LEFTOVER', NULL, NULL, NULL, NULL, false),
  ('@twin:d.example:8448', 'SAME', 'the lower one', NULL, NULL, NULL, false),
  ('@Twin:d.example:8448', 'SAME', 'the upper one', NULL, NULL, NULL, false),
  ('@null_device:d.example:8448', 'SEEN', NULL, 1735689600012, NULL, NULL, false),
  ('@null_token:d.example:8448', 'TOKEN', NULL, NULL, NULL, NULL, false),
  ('@null_keys:d.example:8448', 'KEYS', NULL, NULL, NULL, NULL, false),
  ('@null_several:d.example:8448', 'SEVERAL', NULL, 1735689600015, NULL, NULL, false),
  ('@someone:elsewhere.example', 'FOREIGN', NULL, NULL, NULL, NULL, false),
  ('@co:lon:d.example:8448', 'COLON', NULL, NULL, NULL, NULL, false),
  ('@_irc_bot:d.example:8448', 'BOT', NULL, NULL, NULL, NULL, false),
  ('@_bridge_ghost:d.example:8448', 'GHOST', NULL, NULL, NULL, NULL, false),
  ('@outside:d.example:8448', 'OUTSIDE', NULL, NULL, NULL, NULL, false),
  ('@101:d.example:8448', 'guest_device', NULL, 1735689600051, '192.0.2.51', 'Riot', false),
  ('@102:d.example:8448', 'guest_device', NULL, NULL, NULL, NULL, NULL),
  ('@103:d.example:8448', 'guest_device', NULL, 1735689600053, NULL, NULL, false),
  ('@overflow:d.example:8448', 'UNDATED', NULL, NULL, NULL, NULL, false);

INSERT INTO e2e_device_keys_json (user_id, device_id, ts_added_ms, key_json) VALUES
  ('@null_keys:d.example:8448', 'KEYS', 1640995200014, '{}'),
  ('@null_several:d.example:8448', 'SEVERAL', 1640995200015, '{}');

INSERT INTO refresh_tokens (id, user_id, device_id, token) VALUES
  (1, '@deactivated:d.example:8448', 'LEFTOVER', 'syr_ZGVhY3RpdmF0ZWQ_leftover_111111'),
  (2, '@someone:elsewhere.example', 'FOREIGN', 'syr_Zm9yZWlnbg_foreign_111111'),
  (3, '@102:d.example:8448', 'guest_device', 'syr_MTAy_guest_111111');

INSERT INTO access_tokens (id, user_id, device_id, token, valid_until_ms, puppets_user_id, last_validated, refresh_token_id, used) VALUES
  (1, '@admin:d.example:8448', 'ADMIN', 'syt_YWRtaW4_device_111111', NULL, NULL, 1672531200002, NULL, false),
  (2, '@admin:d.example:8448', NULL, 'syt_YWRtaW4_deviceless_222222', NULL, NULL, 1672531200003, NULL, false),
  (3, '@locked:d.example:8448', 'LOCKED', 'syt_bG9ja2Vk_device_333333', NULL, NULL, 1672531200004, NULL, false),
  (4, '@deactivated:d.example:8448', 'LEFTOVER', 'syt_ZGVhY3RpdmF0ZWQ_leftover_444444', NULL, NULL, 1672531200005, 1, false),
  (5, '@deactivated:d.example:8448', NULL, 'syt_ZGVhY3RpdmF0ZWQ_deviceless_555555', NULL, NULL, 1672531200006, NULL, false),
  (6, '@null_token:d.example:8448', 'TOKEN', 'syt_bnVsbF90b2tlbg_device_666666', NULL, NULL, 1672531200013, NULL, false),
  (7, '@null_several:d.example:8448', 'SEVERAL', 'syt_bnVsbF9zZXZlcmFs_device_777777', NULL, NULL, 1672531200015, NULL, false),
  (8, '@someone:elsewhere.example', 'FOREIGN', 'syt_c29tZW9uZQ_device_888888', NULL, NULL, 1672531200021, 2, false),
  (9, '@_irc_bot:d.example:8448', 'BOT', 'syt_X2lyY19ib3Q_device_999999', NULL, NULL, 1672531200041, NULL, false),
  (10, '@_bridge_ghost:d.example:8448', 'GHOST', 'syt_Z2hvc3Q_device_AAAAAA', NULL, NULL, 1672531200043, NULL, false),
  (11, '@outside:d.example:8448', 'OUTSIDE', 'syt_b3V0c2lkZQ_device_BBBBBB', NULL, NULL, 1672531200044, NULL, false),
  (12, '@102:d.example:8448', 'guest_device', 'syt_MTAy_guest_CCCCCC', NULL, NULL, 1672531200052, 3, false),
  (13, '@103:d.example:8448', 'guest_device', 'syt_MTAz_upgraded_DDDDDD', NULL, NULL, 1672531200053, NULL, false);
