-- One text for SQLite and PostgreSQL. Times are milliseconds since 1970 by the database's clock, money is billionths of
-- a US dollar, JSON is text: PostgreSQL's jsonb refuses \u0000 and changes what it is given.

-- A process that has opened the stores. What it holds is free once it has not been heard of in time.
CREATE TABLE process (
  process_id text PRIMARY KEY,
  host text NOT NULL,
  pid integer NOT NULL,
  start_time bigint NOT NULL,
  alive_until bigint NOT NULL
);

-- A run. `owner` is the process that carries it out, `owner_key` who wants it, empty for everyone.
-- status: active, completed, failed, cancelled, or incomplete when the end of its log could not be stored.
-- epoch, lease_until and takeovers belong to runs that another process takes over; nothing reads them yet.
CREATE TABLE run (
  run_id text PRIMARY KEY,
  owner_key text NOT NULL,
  idempotency_key text,
  request text,
  request_hash text,
  preset text NOT NULL,
  status text NOT NULL,
  owner text NOT NULL,
  epoch integer NOT NULL DEFAULT 0,
  last_seq integer NOT NULL DEFAULT 0,
  lease_until bigint NOT NULL DEFAULT 0,
  takeovers integer NOT NULL DEFAULT 0,
  cancel_time bigint,
  create_time bigint NOT NULL,
  finish_time bigint
);
CREATE INDEX run_newest ON run (create_time, run_id);
CREATE INDEX run_of_owner ON run (owner_key, create_time, run_id);
CREATE INDEX run_of_request ON run (owner_key, request_hash, create_time) WHERE request_hash IS NOT NULL;
CREATE INDEX run_active ON run (create_time) WHERE status = 'active';

-- An event of a run, as JSON of synod.chat.v1.RunEvent.
-- call_key will name the upstream call that an event answers, so that none is recorded twice; nothing sets it yet.
CREATE TABLE run_event (
  run_id text NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
  seq integer NOT NULL,
  call_key text,
  event text NOT NULL,
  create_time bigint NOT NULL,
  PRIMARY KEY (run_id, seq)
);
CREATE UNIQUE INDEX run_event_of_call ON run_event (run_id, call_key) WHERE call_key IS NOT NULL;

-- A request that must be carried out once. It is over when finish_time is set.
CREATE TABLE idempotency (
  owner_key text NOT NULL,
  idempotency_key text NOT NULL,
  request_hash text NOT NULL,
  run_id text NOT NULL,
  process_id text NOT NULL,
  create_time bigint NOT NULL,
  expire_time bigint NOT NULL,
  finish_time bigint,
  response_status integer,
  response_type text,
  response_body text,
  PRIMARY KEY (owner_key, idempotency_key)
);
CREATE INDEX idempotency_expiry ON idempotency (expire_time);

-- A key of a caller. secret_hash is the SHA-256 of its secret.
CREATE TABLE api_key (
  key_id text PRIMARY KEY,
  name text NOT NULL,
  secret_hash text NOT NULL,
  create_time bigint NOT NULL,
  expire_time bigint,
  revoke_time bigint,
  requests_per_minute bigint,
  tokens_per_minute bigint,
  usd_nanos_per_day bigint,
  usd_nanos_per_month bigint
);

-- What a key has spent in a day (2026-11-28) or a month (2026-11), in UTC.
CREATE TABLE spend (
  key_id text NOT NULL REFERENCES api_key (key_id) ON DELETE CASCADE,
  period text NOT NULL,
  usd_nanos bigint NOT NULL,
  PRIMARY KEY (key_id, period)
);

-- What a run of a key may cost, until it is settled or its process is dead.
CREATE TABLE reservation (
  reservation_id text PRIMARY KEY,
  key_id text NOT NULL REFERENCES api_key (key_id) ON DELETE CASCADE,
  usd_nanos bigint NOT NULL,
  process_id text NOT NULL,
  create_time bigint NOT NULL,
  settle_time bigint
);
CREATE INDEX reservation_open ON reservation (key_id) WHERE settle_time IS NULL;
CREATE INDEX reservation_age ON reservation (create_time);

-- How far a key's use of a limit per minute reaches into the future, in milliseconds since 1970.
CREATE TABLE rate (
  key_id text NOT NULL REFERENCES api_key (key_id) ON DELETE CASCADE,
  measure text NOT NULL,
  busy_until double precision NOT NULL,
  PRIMARY KEY (key_id, measure)
);

-- When each regular task is due next, so that one process of all does it.
CREATE TABLE upkeep (
  task text PRIMARY KEY,
  due_time bigint NOT NULL
);
