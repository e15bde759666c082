-- What a typed function of PostGraphile needs to do the part of a push that both have in common: one table with
-- row-level security, written by a role that owns nothing. No checks, receipt, audit, history or events.
create schema bench;
create role bench_member nologin;
create role bench_web login password 'only-for-measurements' noinherit;
grant bench_member to bench_web;
grant usage on schema bench to bench_member, bench_web;

create table bench.person (like public.person including all);
alter table bench.person enable row level security, force row level security;
create policy member on bench.person to bench_member
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on bench.person to bench_member;

create type bench.person_row as (
  source_ref text, name text, role text, hired_on date, title text, education text, identity_number text, city text
);
create function bench.push_people(rows bench.person_row[]) returns integer language sql volatile as $$
  with done as (
    insert into bench.person as p (tenant_id, region, source_ref, valid_from, valid_until, batch_id, row_index,
        recorded_at, name, role, hired_on, title, education, identity_fingerprint, identity_last4, city)
    select nullif(current_setting('app.tenant_id', true), '')::uuid, '650102', r.source_ref, r.hired_on, '9999-12-31',
        b.id, r.place, now(), r.name, r.role, r.hired_on, r.title, r.education,
        convert_to(r.identity_number, 'UTF8'), right(r.identity_number, 4), r.city
    from unnest(rows) with ordinality as r (source_ref, name, role, hired_on, title, education, identity_number, city,
        place), (select gen_random_uuid() as id) b
    on conflict (tenant_id, source_ref, valid_from) do update
      set name = excluded.name, role = excluded.role, hired_on = excluded.hired_on, title = excluded.title,
          education = excluded.education, identity_fingerprint = excluded.identity_fingerprint,
          identity_last4 = excluded.identity_last4, city = excluded.city, recorded_at = excluded.recorded_at
    returning 1)
  select count(*)::integer from done
$$;
grant execute on function bench.push_people to bench_member;

create table bench.receipt (like public.push_batch including all);
alter table bench.receipt enable row level security, force row level security;
create policy member on bench.receipt to bench_member
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select on bench.receipt to bench_member;
