-- Appends for distinct streams in one commit. Arrays _a*: one entry per append; _e*: one per event,
-- in that order. First row: ord 0, pos = end of the log before. Alone when every append was made;
-- else one row per append follows. Look-ups by index only, and no join against the table: a plan
-- made while it was empty stays right.
create or replace function {schema}.append_v1(
  _incarnation uuid, _seen bigint, _whole boolean,
  _as text[], _ax integer[], _ah bytea[], _an integer[],
  _eo integer[], _es text[], _ev integer[], _eid uuid[], _ety text[], _esc integer[],
  _ept smallint[], _eat bigint[], _ecl boolean[], _eme bytea[], _eda bytea[], _eha bytea[]
) returns table (ord integer, status text, version integer, hash bytea, pos bigint)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  start bigint;
  inc uuid;
  bad bigint;
  grown bigint;
  statuses text[];
  versions integer[];
  hashes bytea[];
  firsts bigint[];
begin
  select h.pos, h.incarnation into start, inc from {schema}.head h where h.id = 1 for update;
  if inc <> _incarnation then
    raise exception 'store {schema} is %, not %', inc, _incarnation using errcode = 'TC002';
  end if;
  if start < _seen then
    raise exception 'store {schema} ends at %, but % was seen', start, _seen
      using errcode = 'TC003';
  end if;

  select count(*) into bad
  from unnest(_as, _ax, _ah) a (stream, version, hash)
  left join lateral (
    select e.version, e.hash, e.closes from {schema}.event e
    where e.stream = a.stream order by e.version desc limit 1
  ) last on true
  where coalesce(last.version, 0) <> a.version or last.closes or last.hash <> a.hash;

  if bad = 0 then
    grown := cardinality(_eid);
    insert into {schema}.event (pos, at_ms, version, schema, id, partition, closes, stream, type,
      hash, meta, data)
    select generate_series(start + 1, start + grown), unnest(_eat), unnest(_ev), unnest(_esc),
      unnest(_eid), unnest(_ept), unnest(_ecl), unnest(_es), unnest(_ety), unnest(_eha),
      unnest(_eme), unnest(_eda);
  else
    select array_agg(j.status order by j.ord), array_agg(j.version order by j.ord),
      array_agg(j.hash order by j.ord), array_agg(j.pos order by j.ord)
    into statuses, versions, hashes, firsts
    from {schema}.judge_v1(_as, _ax, _ah, _an, _eo, _es, _ev, _eid, _eha) j;
    if _whole and not (statuses <@ array['appended', 'duplicate']) then
      statuses := array_replace(statuses, 'appended', 'withheld');
    end if;
    select coalesce(sum(g.n), 0),
      array_agg(
        case when g.n > 0 then start + 1 + g.upto - g.n else firsts[g.ord] end order by g.ord
      )
    into grown, firsts
    from (
      select u.ord, u.n, sum(u.n) over (order by u.ord) as upto
      from (
        select o.ord, case when o.status = 'appended' then o.n else 0 end as n
        from unnest(statuses, _an) with ordinality o (status, n, ord)
      ) u
    ) g;
    insert into {schema}.event (pos, at_ms, version, schema, id, partition, closes, stream, type,
      hash, meta, data)
    select firsts[e.ord] + e.version - _ax[e.ord] - 1, e.at_ms, e.version, e.schema, e.id,
      e.partition, e.closes, e.stream, e.type, e.hash, e.meta, e.data
    from (
      select unnest(_eo) as ord, unnest(_eat) as at_ms, unnest(_ev) as version,
        unnest(_esc) as schema, unnest(_eid) as id, unnest(_ept) as partition,
        unnest(_ecl) as closes, unnest(_es) as stream, unnest(_ety) as type,
        unnest(_eha) as hash, unnest(_eme) as meta, unnest(_eda) as data
    ) e
    where statuses[e.ord] = 'appended';
  end if;

  if grown > 0 then
    update {schema}.head h set pos = start + grown where h.id = 1;
  end if;
  ord := 0;
  status := 'appended';
  pos := start;
  return next;
  if bad > 0 then
    return query
    select o.ord::integer, o.status, o.version, o.hash, o.pos
    from unnest(statuses, versions, hashes, firsts) with ordinality
      o (status, version, hash, pos, ord);
  end if;
end $$;

-- What becomes of each append: only asked when at least one of them cannot simply be made.
-- version and hash: where the stream stands now. pos: first event of a duplicate.
create or replace function {schema}.judge_v1(
  _as text[], _ax integer[], _ah bytea[], _an integer[],
  _eo integer[], _es text[], _ev integer[], _eid uuid[], _eha bytea[]
) returns table (ord integer, status text, version integer, hash bytea, pos bigint)
language sql set enable_seqscan = off set enable_bitmapscan = off
as $$
  with stood as materialized (
    select e.ord, count(*) as ids, count(*) filter (where s.hash = e.hash) as hashes,
      min(s.pos) as pos
    from unnest(_eo, _es, _ev, _eid, _eha) e (ord, stream, version, id, hash)
    cross join lateral (
      select x.pos, x.hash from {schema}.event x
      where x.stream = e.stream and x.version = e.version and x.id = e.id limit 1
    ) s
    group by e.ord
  )
  select a.ord::integer,
    case
      when s.ids = a.n and s.hashes = a.n then 'duplicate'
      when s.ids = a.n then 'altered'
      when last.closes then 'closed'
      when coalesce(last.version, 0) <> a.version or last.hash <> a.hash then 'conflict'
      else 'appended'
    end,
    coalesce(last.version, 0), coalesce(last.hash, decode(repeat('00', 32), 'hex')), s.pos
  from unnest(_as, _ax, _ah, _an) with ordinality a (stream, version, hash, n, ord)
  left join lateral (
    select e.version, e.hash, e.closes from {schema}.event e
    where e.stream = a.stream order by e.version desc limit 1
  ) last on true
  left join stood s on s.ord = a.ord
$$;

-- append_v1, and beside the events that it appended what is to be kept there: _ta counts the events
-- of the call from 1. An event that stood there already keeps what it has.
create or replace function {schema}.append_attached_v1(
  _incarnation uuid, _seen bigint, _whole boolean,
  _as text[], _ax integer[], _ah bytea[], _an integer[],
  _eo integer[], _es text[], _ev integer[], _eid uuid[], _ety text[], _esc integer[],
  _ept smallint[], _eat bigint[], _ecl boolean[], _eme bytea[], _eda bytea[], _eha bytea[],
  _ta integer[], _tb bytea[]
) returns table (ord integer, status text, version integer, hash bytea, pos bigint)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  start bigint;
  judged boolean := false;
begin
  for ord, status, version, hash, pos in
    select a.ord, a.status, a.version, a.hash, a.pos
    from {schema}.append_v1(_incarnation, _seen, _whole, _as, _ax, _ah, _an, _eo, _es, _ev, _eid,
      _ety, _esc, _ept, _eat, _ecl, _eme, _eda, _eha) a
  loop
    if ord = 0 then
      start := pos;
    else
      judged := true;
    end if;
    return next;
  end loop;
  if judged then
    insert into {schema}.attachment (pos, bytes)
    select e.pos, t.bytes
    from unnest(_ta, _tb) t (at, bytes)
    cross join lateral (
      select x.pos from {schema}.event x
      where x.stream = _es[t.at] and x.version = _ev[t.at] and x.id = _eid[t.at] limit 1
    ) e
    on conflict do nothing;
  else
    insert into {schema}.attachment (pos, bytes)
    select start + t.at, t.bytes from unnest(_ta, _tb) t (at, bytes);
  end if;
end $$;
