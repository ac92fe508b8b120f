-- Raises when this progress cannot be made. Fenced when another holder has the lease (its epoch is
-- newer) or the checkpoint has gone further.
create or replace function {schema}.check_v1(
  _consumer text[], _topic text[], _partition integer[], _incarnation uuid[], _epoch integer[],
  _position bigint[]
) returns void
language plpgsql set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
  fenced text;
  strange text;
begin
  select
    min(m.consumer || ' lost partition ' || m.partition || ' of ' || m.topic)
      filter (where c.epoch is distinct from m.epoch or c.position > m.position),
    min(m.topic || ' comes from store ' || m.incarnation || ', before from ' || c.incarnation)
      filter (where c.incarnation <> m.incarnation)
  into fenced, strange
  from unnest(_consumer, _topic, _partition, _incarnation, _epoch, _position)
    m (consumer, topic, partition, incarnation, epoch, position)
  left join {schema}.checkpoint c using (consumer, topic, partition);
  if fenced is not null then
    raise exception '%', fenced using errcode = 'TC001';
  end if;
  if strange is not null then
    raise exception '%', strange using errcode = 'TC002';
  end if;
end $$;

-- Moves checkpoints, each in the order of the arrays, or raises and undoes what was done before in
-- the transaction. Where `_from` is null, standing where it is to move is a retry and no fault: an
-- append's events have ids. Rows of a view are sums: it moves from where its batch was read only,
-- so that one whose outcome was never learnt is not counted twice.
create or replace function {schema}.move_v3(
  _consumer text[], _topic text[], _partition integer[], _incarnation uuid[], _epoch integer[],
  _position bigint[], _from bigint[]
) returns void
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  moved bigint;
begin
  update {schema}.checkpoint c
  set position = m.position, incarnation = m.incarnation,
    crashes = case when m.position > c.position then 0 else c.crashes end
  from unnest(_consumer, _topic, _partition, _incarnation, _epoch, _position, _from)
    m (consumer, topic, partition, incarnation, epoch, position, start)
  where c.consumer = m.consumer and c.topic = m.topic and c.partition = m.partition
    and c.epoch = m.epoch and c.position <= m.position
    and (m.start is null or c.position = m.start)
    and (c.incarnation is null or c.incarnation = m.incarnation);
  get diagnostics moved = row_count;
  if moved <> cardinality(_consumer) then
    perform {schema}.check_v1(_consumer, _topic, _partition, _incarnation, _epoch, _position);
    raise exception 'a checkpoint was named twice, or an unacknowledged batch had moved it'
      using errcode = 'TC001';
  end if;
end $$;
drop function if exists
  {schema}.move_v2(text[], text[], integer[], uuid[], integer[], bigint[]),
  {schema}.move_from_v1(text[], text[], integer[], uuid[], integer[], bigint[], bigint[]);

-- Deletes what was replayed, then parks. A message parked again keeps its place and waits for
-- another request; a message behind a key that is to be replayed is replayed with it.
create or replace function {schema}.park_v1(
  _un_consumer text[], _un_topic text[], _un_partition integer[], _un_key text[],
  _un_position bigint[],
  _consumer text[], _topic text[], _partition integer[], _key text[], _position bigint[],
  _reason text[], _parked_at_ms bigint[], _stream text[], _version integer[], _id uuid[],
  _type text[], _schema integer[], _at_ms bigint[], _closes boolean[], _hash bytea[],
  _meta bytea[], _data bytea[]
) returns void
language sql set enable_seqscan = off set enable_bitmapscan = off
as $$
  delete from {schema}.parked_message p
  using unnest(_un_consumer, _un_topic, _un_partition, _un_key, _un_position)
    u (consumer, topic, partition, key, position)
  where p.consumer = u.consumer and p.topic = u.topic and p.partition = u.partition
    and p.key = u.key and p.position <= u.position;

  insert into {schema}.parked_message (consumer, topic, partition, key, position, reason,
    parked_at_ms, replay, stream, version, id, type, schema, at_ms, closes, hash, meta, data)
  select n.consumer, n.topic, n.partition, n.key, n.position, n.reason, n.parked_at_ms,
    exists (
      select from {schema}.parked_message p
      where p.consumer = n.consumer and p.topic = n.topic and p.partition = n.partition
        and p.key = n.key and p.replay
    ),
    n.stream, n.version, n.id, n.type, n.schema, n.at_ms, n.closes, n.hash, n.meta, n.data
  from unnest(_consumer, _topic, _partition, _key, _position, _reason, _parked_at_ms, _stream,
      _version, _id, _type, _schema, _at_ms, _closes, _hash, _meta, _data)
    n (consumer, topic, partition, key, position, reason, parked_at_ms, stream, version, id, type,
      schema, at_ms, closes, hash, meta, data)
  on conflict (consumer, topic, partition, key, position)
  do update set reason = excluded.reason, parked_at_ms = excluded.parked_at_ms, replay = false
$$;

-- Registers the member and says how many partitions it should hold: shares differ by one at most
-- and add up.
create or replace function {schema}.share_v1(
  _consumer text, _topic text, _owner text, _ttl_ms integer, _of integer
) returns integer
language sql
as $$
  delete from {schema}.member m
  where m.consumer = _consumer and m.topic = _topic and m.owner <> _owner
    and m.expires_at <= clock_timestamp();
  insert into {schema}.member
  values (_consumer, _topic, _owner, clock_timestamp() + _ttl_ms * interval '1 ms')
  on conflict (consumer, topic, owner) do update set expires_at = excluded.expires_at;
  select (_of / count(*) + case
    when count(*) filter (where m.owner < _owner) < _of % count(*) then 1 else 0
  end)::integer
  from {schema}.member m
  where m.consumer = _consumer and m.topic = _topic
$$;

-- Takes partitions of the list that are free, expired or already this owner's, up to the share. A
-- holder that did not release counts as a crash.
create or replace function {schema}.acquire_v1(
  _consumer text, _topic text, _partitions integer[], _owner text, _ttl_ms integer, _of integer
) returns table (
  partition integer, epoch integer, "position" bigint, incarnation uuid, crashes integer
)
language plpgsql
as $$
declare
  room integer;
begin
  room := {schema}.share_v1(_consumer, _topic, _owner, _ttl_ms, _of);
  insert into {schema}.checkpoint (consumer, topic, partition)
  select _consumer, _topic, p from unnest(_partitions) p order by p
  on conflict do nothing;
  room := room - (
    select count(*) from {schema}.checkpoint c
    where c.consumer = _consumer and c.topic = _topic and c.owner = _owner
      and c.expires_at > clock_timestamp() and c.partition <> all (_partitions)
  );
  return query
  with free as materialized ( -- in a plain subquery the limit would count anew for each row
    select f.partition from {schema}.checkpoint f
    where f.consumer = _consumer and f.topic = _topic and f.partition = any (_partitions)
      and (f.owner is null or f.owner = _owner or f.expires_at <= clock_timestamp())
    order by f.partition limit greatest(room, 0) for update
  )
  update {schema}.checkpoint c
  set owner = _owner, epoch = c.epoch + 1,
    expires_at = clock_timestamp() + _ttl_ms * interval '1 ms',
    crashes = c.crashes + case when c.owner <> _owner then 1 else 0 end
  from free
  where c.consumer = _consumer and c.topic = _topic and c.partition = free.partition
  returning c.partition, c.epoch, c.position, c.incarnation, c.crashes;
end $$;

-- Prolongs what is still ours. First row: the share; then one row for each partition that is lost.
create or replace function {schema}.renew_v1(
  _consumer text, _topic text, _owner text, _ttl_ms integer, _of integer, _partitions integer[],
  _epochs integer[]
) returns table (partition integer, share integer)
language plpgsql
as $$
begin
  share := {schema}.share_v1(_consumer, _topic, _owner, _ttl_ms, _of);
  return next;
  perform 1 from {schema}.checkpoint c
  where c.consumer = _consumer and c.topic = _topic and c.partition = any (_partitions)
  order by c.partition for update;
  update {schema}.checkpoint c
  set expires_at = clock_timestamp() + _ttl_ms * interval '1 ms'
  from unnest(_partitions, _epochs) m (partition, epoch)
  where c.consumer = _consumer and c.topic = _topic and c.partition = m.partition
    and c.owner = _owner and c.epoch = m.epoch;
  return query
  select m.partition, null::integer
  from unnest(_partitions, _epochs) m (partition, epoch)
  left join {schema}.checkpoint c
    on c.consumer = _consumer and c.topic = _topic and c.partition = m.partition
  where c.owner is distinct from _owner or c.epoch <> m.epoch;
end $$;
