import type postgres from "postgres";
import { RestError } from "./restError.ts";

/** A column of a table, as the cache knows it. */
export interface CachedColumn {
  readonly name: string;
  readonly type: string;
  readonly defaultText: string | null;
}

/** A function, as the cache knows it. */
export interface CachedFunction {
  readonly schema: string;
  readonly name: string;
  readonly returnsSet: boolean;
  readonly returns: "scalar" | "row" | "void";
  readonly parameters: readonly { readonly name: string; readonly type: string; readonly isRequired: boolean }[];
}

/** What PostgREST knows of the database until it is told to look again. */
export class SchemaCache {
  #tables = new Map<string, readonly CachedColumn[]>();
  #functions: readonly CachedFunction[] = [];

  constructor(readonly sql: postgres.Sql) {}

  async load(): Promise<void> {
    const tables = await this.sql<{ schema: string; name: string; columns: CachedColumn[] }[]>`
      select n.nspname as schema, c.relname as name, (
        select coalesce(json_agg(json_build_object(
          'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
          'defaultText', case when a.attidentity <> '' then format('nextval(%L)', pg_get_serial_sequence(
              quote_ident(n.nspname) || '.' || quote_ident(c.relname), a.attname))
            when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end
        ) order by a.attnum), '[]')
        from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      ) as columns
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'v', 'm', 'f', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`;
    this.#tables = new Map(tables.map(({ schema, name, columns }) => [`${schema}\0${name}`, columns]));
    this.#functions = await this.sql<CachedFunction[]>`
      select n.nspname as schema, p.proname as name, p.proretset as "returnsSet",
        case when t.oid = 'void'::regtype then 'void' when t.typtype = 'c' or t.oid = 'record'::regtype then 'row'
          else 'scalar' end as returns,
        (select coalesce(json_agg(json_build_object('name', p.proargnames[i], 'type', format_type(p.proargtypes[i - 1], null),
            'isRequired', i <= p.pronargs - p.pronargdefaults) order by i), '[]')
          from generate_series(1, p.pronargs) i) as parameters
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_type t on t.oid = p.prorettype
      where p.prokind = 'f' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`;
  }

  /** The table's columns, or the error that there is none. */
  columns(schema: string, name: string): readonly CachedColumn[] {
    const found = this.#tables.get(`${schema}\0${name}`);
    if (found !== undefined) return found;
    const hint = [...this.#tables.keys()].map((key) => key.split("\0"))
      .find(([of, other]) => of === schema && (other!.startsWith(name) || name.startsWith(other!)))?.[1];
    const message = `Could not find the table '${schema}.${name}' in the schema cache`;
    const perhaps = hint === undefined ? null : `Perhaps you meant the table '${schema}.${hint}'`;
    throw new RestError(404, "PGRST205", message, null, perhaps);
  }

  /** The columns of those names, or the error that there is one that is not. */
  payloadColumns(schema: string, table: string, names: readonly string[]): CachedColumn[] {
    const columns = this.columns(schema, table);
    return names.map((name) => {
      const column = columns.find((column) => column.name === name);
      if (column !== undefined) return column;
      throw new RestError(400, "PGRST204", `Could not find the '${name}' column of '${table}' in the schema cache`);
    });
  }

  function(schema: string, name: string, argumentNames: readonly string[]): CachedFunction {
    const found = this.#functions.filter((fn) =>
      fn.schema === schema && fn.name === name &&
      argumentNames.every((argument) => fn.parameters.some((parameter) => parameter.name === argument)) &&
      fn.parameters.every((parameter) => !parameter.isRequired || argumentNames.includes(parameter.name))
    );
    if (found.length === 1) return found[0]!;
    if (found.length > 1) {
      const message = `Could not choose the best candidate function between: ${found.map((fn) => fn.name).join(", ")}`;
      throw new RestError(300, "PGRST203", message, null, "Try renaming the parameters or the function itself");
    }
    const list = argumentNames.join(", ");
    const called = argumentNames.length === 0 ? " without parameters" : `(${list})`;
    const searched = argumentNames.length === 0
      ? " without parameters"
      : ` with parameter${argumentNames.length > 1 ? "s" : ""} ${list} or with a single unnamed json/jsonb parameter`;
    throw new RestError(
      404,
      "PGRST202",
      `Could not find the function ${schema}.${name}${called} in the schema cache`,
      `Searched for the function ${schema}.${name}${searched}, but no matches were found in the schema cache.`,
    );
  }
}
