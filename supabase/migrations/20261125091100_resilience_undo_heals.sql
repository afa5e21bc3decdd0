-- What it takes to look at a row that the ledger knows, and to take a value back out of a column.

-- The row with a key as the ledger keeps it: where it is, and what it holds; none where the table or the row is gone.
create function resilience.find_row(p_table bigint, p_key jsonb) returns table (part oid, place tid, held json)
language plpgsql volatile set search_path = ''
as $$
declare
  condition constant text := resilience_gate.row_condition(p_table, p_key);
begin
  if condition is not null then
    return query execute format(
      'select written.tableoid, written.ctid, row_to_json(written) from %s as written where %s limit 1',
      p_table::oid::regclass, condition) using p_key;
  end if;
end
$$;

-- Empties a column of a row if it still holds the value, given as JSON text: `taken`, `changed` (it holds something else
-- by now, or several rows have the key), or `gone`. A column that must not be null takes its default.
create function resilience.take_back_value(p_table bigint, p_key jsonb, p_attnum integer, p_value text) returns text
language plpgsql volatile set search_path = ''
as $$
declare
  condition constant text := resilience_gate.row_condition(p_table, p_key);
  target pg_catalog.pg_attribute;
  changed integer;
begin
  select a.* into target from pg_catalog.pg_attribute a
    where a.attrelid = p_table::oid and a.attnum = p_attnum and not a.attisdropped and a.attgenerated = '';
  if condition is null or target.attname is null then
    return 'gone';
  end if;
  begin
    execute format(
      'update %1$s as written set %2$I = %4$s from json_to_record($2) as wanted (value %3$s) '
        || 'where %5$s and to_jsonb(written.%2$I) is not distinct from to_jsonb(wanted.value)',
      p_table::oid::regclass, target.attname, format_type(target.atttypid, target.atttypmod),
      case when target.attnotnull then 'default' else 'null' end, condition)
    using p_key, json_build_object('value', p_value::json);
    get diagnostics changed = row_count;
    if changed > 1 then
      raise exception using errcode = 'BL001';
    end if;
  exception when data_exception or sqlstate 'BL001' then
    return 'changed'; -- The column's type is another one by now, or nobody can tell the rows apart.
  end;
  return case changed when 1 then 'taken' else 'changed' end;
end
$$;
revoke execute on function resilience.find_row(bigint, jsonb),
  resilience.take_back_value(bigint, jsonb, integer, text) from public;
grant execute on function resilience.find_row(bigint, jsonb),
  resilience.take_back_value(bigint, jsonb, integer, text) to service_role;
