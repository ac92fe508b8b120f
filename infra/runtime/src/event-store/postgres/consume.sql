-- The appends of a batch and the progress it makes, together or not at all (law 4): progress that
-- cannot be made undoes the appends. The head is locked before the checkpoints, always in this
-- order.
create or replace function {schema}.consume_v1(
  _incarnation uuid, _seen bigint,
  _as text[], _ax integer[], _ah bytea[], _an integer[],
  _eo integer[], _es text[], _ev integer[], _eid uuid[], _ety text[], _esc integer[],
  _ept smallint[], _eat bigint[], _ecl boolean[], _eme bytea[], _eda bytea[], _eha bytea[],
  _mc text[], _mt text[], _mp integer[], _mi uuid[], _me integer[], _mpos bigint[],
  _uc text[], _ut text[], _up integer[], _uk text[], _upos bigint[],
  _pc text[], _pt text[], _pp integer[], _pk text[], _ppos bigint[], _pr text[], _pat bigint[],
  _ps text[], _pv integer[], _pid uuid[], _pty text[], _psc integer[], _pms bigint[],
  _pcl boolean[], _pha bytea[], _pme bytea[], _pda bytea[]
) returns table (ord integer, status text, version integer, hash bytea, pos bigint)
language plpgsql
as $$
declare
  refused boolean := false;
begin
  if cardinality(_as) > 0 then
    for ord, status, version, hash, pos in
      select a.ord, a.status, a.version, a.hash, a.pos
      from {schema}.append_v1(_incarnation, _seen, true, _as, _ax, _ah, _an, _eo, _es, _ev, _eid,
        _ety, _esc, _ept, _eat, _ecl, _eme, _eda, _eha) a
    loop
      refused := refused or status not in ('appended', 'duplicate');
      return next;
    end loop;
  end if;
  if refused then
    perform {schema}.check_v1(_mc, _mt, _mp, _mi, _me, _mpos);
  else
    perform {schema}.move_v3(_mc, _mt, _mp, _mi, _me, _mpos, null);
    if cardinality(_uc) + cardinality(_pc) > 0 then
      perform {schema}.park_v1(_uc, _ut, _up, _uk, _upos, _pc, _pt, _pp, _pk, _ppos, _pr, _pat,
        _ps, _pv, _pid, _pty, _psc, _pms, _pcl, _pha, _pme, _pda);
    end if;
  end if;
end $$;
