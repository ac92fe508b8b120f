-- One schema per service. `{schema}` is replaced by its name; every statement may run again.
create schema if not exists {schema};

-- Where the log ends. One row: whoever appends holds it until the commit, so positions are dense
-- and in commit order.
create table if not exists {schema}.head (
  id smallint primary key check (id = 1),
  pos bigint not null,
  incarnation uuid not null
) with (fillfactor = 50);
insert into {schema}.head (id, pos, incarnation) values (1, 0, gen_random_uuid())
on conflict do nothing;

-- Fixed widths first, so that rows carry no padding. Rows stay whole up to a page: claims of a few
-- kB need no TOAST.
create table if not exists {schema}.event (
  pos bigint primary key,
  at_ms bigint not null,
  version integer not null,
  schema integer not null,
  id uuid not null,
  partition smallint not null,
  closes boolean not null,
  stream text collate "C" not null,
  type text collate "C" not null,
  hash bytea not null,
  meta bytea storage external not null,
  data bytea storage external not null,
  unique (stream, version)
) with (toast_tuple_target = 8160);

-- What is kept beside events, by their position: never part of a chain, a topic or an export.
create table if not exists {schema}.attachment (
  pos bigint primary key,
  bytes bytea storage external not null
) with (toast_tuple_target = 8160);

-- How far each consumer group is in each partition of a topic, and who holds it.
create table if not exists {schema}.checkpoint (
  consumer text collate "C" not null,
  topic text collate "C" not null,
  partition integer not null,
  position bigint not null default 0,
  incarnation uuid,
  epoch integer not null default 0,
  owner text collate "C",
  expires_at timestamptz,
  crashes integer not null default 0,
  primary key (consumer, topic, partition)
) with (fillfactor = 50);

-- The message that was last handled alone, and how often: a death over it is told by that.
alter table {schema}.checkpoint
  add column if not exists attempt bigint not null default 0,
  add column if not exists attempts integer not null default 0;

-- Processes that share a group's partitions.
create table if not exists {schema}.member (
  consumer text collate "C" not null,
  topic text collate "C" not null,
  owner text collate "C" not null,
  expires_at timestamptz not null,
  primary key (consumer, topic, owner)
) with (fillfactor = 50);

-- Messages of keys that failed, in order, with their original bytes (law 6).
create table if not exists {schema}.parked_message (
  consumer text collate "C" not null,
  topic text collate "C" not null,
  partition integer not null,
  key text collate "C" not null,
  position bigint not null,
  reason text not null,
  parked_at_ms bigint not null,
  replay boolean not null default false,
  stream text not null,
  version integer not null,
  id uuid not null,
  type text not null,
  schema integer not null,
  at_ms bigint not null,
  closes boolean not null,
  hash bytea not null,
  meta bytea not null,
  data bytea not null,
  primary key (consumer, topic, partition, key, position)
);
