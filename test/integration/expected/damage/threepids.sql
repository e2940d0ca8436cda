-- E-mails, phones and what else stands among them. The long address is incompressible: the base64 of sha256('1'), sha256('2'), …
INSERT INTO users (name, password_hash, creation_ts, admin, upgrade_ts, is_guest, appservice_id, deactivated, shadow_banned, approved, locked, suspended) VALUES
  ('@mail:d.example:8448', NULL, 1577836881, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@mail2:d.example:8448', NULL, 1577836882, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@mail_gone:d.example:8448', NULL, 1577836883, 0, NULL, 0, NULL, 1, NULL, NULL, false, false);
INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at) VALUES
  ('@mail:d.example:8448', 'email', 'mail@d.example', 1609459200100, 1609459200101),
  ('@mail:d.example:8448', 'email', 'second@d.example', 1609459200102, 1609459200102),
  ('@mail:d.example:8448', 'email', 'Twin@D.example', 1609459200103, 1609459200103),
  ('@mail2:d.example:8448', 'email', 'twin@d.example', 1609459200104, 1609459200104),
  ('@mail:d.example:8448', 'email', ' spaced@d.example ', 1609459200105, 1609459200105),
  ('@mail:d.example:8448', 'email', 'not an address', 1609459200106, 1609459200106),
  ('@mail:d.example:8448', 'email_old', 'TWIN@d.example', 1609459200107, 1609459200107),
  ('@mail2:d.example:8448', 'email_old', 'mail@d.example', 1609459200108, 1609459200108),
  ('@mail:d.example:8448', 'msisdn', '447700900001', 1609459200109, 1609459200109),
  ('@mail:d.example:8448', 'msisdn', '+447700900001', 1609459200110, 1609459200110),
  ('@mail:d.example:8448', 'EMAIL', 'capital@d.example', 1609459200111, 1609459200111),
  ('@mail:d.example:8448', 'pigeon', 'coop 7', 1609459200112, 1609459200112),
  ('@mail2:d.example:8448', 'email', 'zero@d.example', 0, 0),
  ('@mail2:d.example:8448', 'email', 'negative@d.example', -1, -1),
  ('@mail2:d.example:8448', 'email', 'overflow@d.example', 9223372036854775807, 9223372036854775807),
  ('@mail2:d.example:8448', 'msisdn', '0', 253402300800000, 253402300800000),
  ('@mail2:d.example:8448', 'email', 'lasttime@d.example', 253402300799999, 253402300799999),
  ('@mail_gone:d.example:8448', 'email', 'gone@d.example', 1609459200113, 1609459200113);
INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at)
  SELECT '@mail2:d.example:8448', 'msisdn', left(string_agg(encode(sha256(n::text::bytea), 'base64'), '' ORDER BY n), 2680), 1609459200114, 1609459200114
  FROM generate_series(1, 61) AS n;
