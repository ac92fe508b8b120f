-- Requests by the name of their Idempotency-Key: `{schema}` is the service's own schema.
select pg_advisory_xact_lock(hashtext('tongchou.migrate.{schema}'));
create schema if not exists {schema};

-- holders: sendings of the request that are under way, or whose end nobody learnt.
create table if not exists {schema}.idempotency_key (
  bound_at timestamptz not null default now(),
  accepted boolean not null default false,
  name bytea primary key,
  digest bytea not null,
  holders bigint[] not null
) with (fillfactor = 70);
create index if not exists idempotency_key_bound_at on {schema}.idempotency_key (bound_at);

-- One row after the other, in the order of the arrays (by name, so that no two calls wait for each
-- other): each statement is one look-up by the primary key whatever the table held when it was
-- planned, and a name may stand in a batch twice.
create or replace function {schema}.idempotency_bind_v1(
  _names bytea[], _digests bytea[], _holders bigint[]
) returns boolean[] language plpgsql as $$
declare
  same boolean;
  bound boolean[] := '{}';
begin
  for i in 1 .. cardinality(_names) loop
    insert into {schema}.idempotency_key as k (name, digest, holders)
    values (_names[i], _digests[i], array[_holders[i]])
    on conflict (name) do update set holders =
      case
        when k.accepted or k.digest <> excluded.digest or k.holders @> excluded.holders
          or cardinality(k.holders) >= 64
        then k.holders
        else k.holders || excluded.holders
      end
    returning k.digest = _digests[i] into same;
    bound := bound || same;
  end loop;
  return bound;
end $$;

create or replace function {schema}.idempotency_accept_v1(_names bytea[], _holders bigint[])
returns void language plpgsql as $$
begin
  for i in 1 .. cardinality(_names) loop
    update {schema}.idempotency_key k set accepted = true, holders = '{}'
    where k.name = _names[i] and k.holders @> array[_holders[i]];
  end loop;
end $$;

-- Holders below _oldest are of processes that died.
create or replace function {schema}.idempotency_release_v1(
  _names bytea[], _holders bigint[], _oldest bigint
) returns void language plpgsql as $$
declare
  others bigint[];
begin
  for i in 1 .. cardinality(_names) loop
    select array_remove(k.holders, _holders[i]) into others from {schema}.idempotency_key k
    where k.name = _names[i] and not k.accepted and k.holders @> array[_holders[i]]
    for update;
    continue when not found;
    if _oldest > all (others) then
      delete from {schema}.idempotency_key k where k.name = _names[i];
    else
      update {schema}.idempotency_key k set holders = others where k.name = _names[i];
    end if;
  end loop;
end $$;
