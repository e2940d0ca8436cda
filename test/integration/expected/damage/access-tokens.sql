-- Access tokens: formats, times, devices that are gone, tokens of nobody's device.
-- The macaroon is base64url of packets that begin `001clocation d.example:8448`; the text after MDAx in the false one is no location.
INSERT INTO users (name, password_hash, creation_ts, admin, upgrade_ts, is_guest, appservice_id, deactivated, shadow_banned, approved, locked, suspended) VALUES
  ('@tokens:d.example:8448', NULL, 1577836887, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@neighbour:d.example:8448', NULL, 1577836888, 0, NULL, 0, NULL, 0, NULL, NULL, false, false);
INSERT INTO devices (user_id, device_id, display_name, last_seen, ip, user_agent, hidden) VALUES
  ('@tokens:d.example:8448', 'T', NULL, NULL, NULL, NULL, false),
  ('@neighbour:d.example:8448', 'THEIRS', NULL, NULL, NULL, NULL, false);
INSERT INTO access_tokens (id, user_id, device_id, token, valid_until_ms, puppets_user_id, last_validated, refresh_token_id, used) VALUES
  (301, '@tokens:d.example:8448', 'T', 'syt_dG9rZW5z_plain_111111', NULL, NULL, 1672531200301, NULL, false),
  (302, '@tokens:d.example:8448', 'T', 'syt_wrong checksum', NULL, NULL, 1672531200302, NULL, true),
  (303, '@tokens:d.example:8448', 'T', 'MDAxY2xvY2F0aW9uIGQuZXhhbXBsZTo4NDQ4CjAwMTNpZGVudGlmaWVyIGtleQowMDEwY2lkIGdlbiA9IDEKMDAyOWNpZCB1c2VyX2lkID0gQHRva2VuczpkLmV4YW1wbGU6ODQ0OAowMDE2Y2lkIHR5cGUgPSBhY2Nlc3MK', NULL, NULL, 1672531200303, NULL, NULL),
  (304, '@tokens:d.example:8448', 'T', 'MDAxnonsense', NULL, NULL, 1672531200304, NULL, false),
  (305, '@tokens:d.example:8448', 'T', 'MDAxY2xvY2F0aW9uI!not base64', NULL, NULL, 1672531200305, NULL, false),
  (306, '@tokens:d.example:8448', 'T', 'my-own-token', NULL, NULL, 1672531200306, NULL, false),
  (307, '@tokens:d.example:8448', 'T', '', NULL, NULL, 1672531200307, NULL, false),
  (308, '@tokens:d.example:8448', 'T', 'SYT_capital', NULL, NULL, 1672531200308, NULL, false),
  (309, '@tokens:d.example:8448', 'T', ' syt_space', NULL, NULL, 1672531200309, NULL, false),
  (310, '@tokens:d.example:8448', NULL, 'deviceless garbage', NULL, NULL, 1672531200310, NULL, false),
  (311, '@tokens:d.example:8448', NULL, 'syt_deviceless', NULL, NULL, 1672531200311, NULL, false),
  (312, '@tokens:d.example:8448', NULL, 'syt_deviceless_never_validated', NULL, NULL, NULL, NULL, false),
  (313, '@tokens:d.example:8448', 'GONE', 'syt_vanished', NULL, NULL, 1672531200313, NULL, false),
  (314, '@tokens:d.example:8448', 'THEIRS', 'syt_of_another_users_device', NULL, NULL, 1672531200314, NULL, false),
  (315, '@tokens:d.example:8448', 't', 'syt_device_in_another_case', NULL, NULL, 1672531200315, NULL, false),
  (316, '@tokens:d.example:8448', NULL, 'syt_puppet', NULL, '@neighbour:d.example:8448', 1672531200316, NULL, false),
  (317, '@tokens:d.example:8448', NULL, 'syt_puppet_of_nobody', 1798761600317, '@gone:d.example:8448', 1672531200317, NULL, false),
  (318, '@tokens:d.example:8448', 'T', 'syt_expired', 1704067200318, NULL, 1672531200318, NULL, false),
  (319, '@tokens:d.example:8448', 'T', 'syt_expires', 1798761600319, NULL, 1672531200319, NULL, false),
  (320, '@tokens:d.example:8448', 'T', 'syt_expiry_zero', 0, NULL, 1672531200320, NULL, false),
  (321, '@tokens:d.example:8448', 'T', 'syt_expiry_negative', -1, NULL, 1672531200321, NULL, false),
  (322, '@tokens:d.example:8448', 'T', 'syt_expiry_overflow', 9223372036854775807, NULL, 1672531200322, NULL, false),
  (323, '@tokens:d.example:8448', 'T', 'syt_validated_overflow', NULL, NULL, 253402300800000, NULL, false),
  (324, '@tokens:d.example:8448', 'T', 'syt_never_validated_either', NULL, NULL, NULL, NULL, false);
