-- Password hashes of every kind.
INSERT INTO users (name, password_hash, creation_ts, admin, upgrade_ts, is_guest, appservice_id, deactivated, shadow_banned, approved, locked, suspended) VALUES
  ('@bcrypt_a:d.example:8448', '$2a$12$abcdefghijklmnopqrstuuE1N6Yh5oGn5y0KpW1Qd8bYQ3y5m7x2C', 1577836861, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@bcrypt_b:d.example:8448', '$2b$12$abcdefghijklmnopqrstuuE1N6Yh5oGn5y0KpW1Qd8bYQ3y5m7x2C', 1577836862, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@bcrypt_y:d.example:8448', '$2y$12$abcdefghijklmnopqrstuuE1N6Yh5oGn5y0KpW1Qd8bYQ3y5m7x2C', 1577836863, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@bcrypt_x:d.example:8448', '$2x$12$abcdefghijklmnopqrstuuE1N6Yh5oGn5y0KpW1Qd8bYQ3y5m7x2C', 1577836864, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@argon:d.example:8448', '$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA', 1577836865, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@plain:d.example:8448', 'not a hash at all', 1577836866, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@newline:d.example:8448', E'$2b$12$newline\n', 1577836867, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@empty:d.example:8448', '', 1577836868, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@null:d.example:8448', NULL, 1577836869, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@blank:d.example:8448', ' ', 1577836870, 0, NULL, 0, NULL, 0, NULL, NULL, false, false),
  ('@deactivated_hash:d.example:8448', '$2b$12$deactivated', 1577836871, 0, NULL, 0, NULL, 1, NULL, NULL, false, false),
  ('@locked_hash:d.example:8448', '$2b$12$locked', 1577836872, 0, NULL, 0, NULL, 0, NULL, NULL, true, false),
  ('@undated_hash:d.example:8448', '$2b$12$undated', NULL, 0, NULL, 0, NULL, 0, NULL, NULL, false, false);
