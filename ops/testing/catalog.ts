import type postgres from 'postgres'

/** All that the catalog says of the instructors' tables, by name. */
export async function catalogOf(sql: postgres.Sql) {
  const schema = sql`'instructors'::regnamespace`
  return {
    tables: await sql`
      select relname, relkind, relpersistence, reloptions, relacl::text, relrowsecurity,
        pg_get_userbyid(relowner) as owner, obj_description(oid) as comment
      from pg_class where relnamespace = ${schema} order by 1`,
    columns: await sql`
      select c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull,
        a.attidentity, a.attstorage, a.attcompression, a.attacl::text, pg_get_expr(d.adbin, d.adrelid) as standard
      from pg_attribute a join pg_class c on c.oid = a.attrelid
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where c.relnamespace = ${schema} and c.relkind in ('r', 'i') and a.attnum > 0 order by 1, 2`,
    constraints: await sql`
      select conrelid::regclass::text as table, conname, contype, pg_get_constraintdef(oid) as definition,
        convalidated, condeferrable, conindid::regclass::text as index
      from pg_constraint where connamespace = ${schema} order by 1, 2`,
    indexes: await sql`
      select indexrelid::regclass::text as index, pg_get_indexdef(indexrelid) as definition, indisprimary,
        indisvalid, indisready
      from pg_index i join pg_class c on c.oid = i.indexrelid where c.relnamespace = ${schema} order by 1`,
    sequences: await sql`
      select sequencename, data_type, start_value, min_value, max_value, increment_by, cycle, cache_size
      from pg_sequences where schemaname = 'instructors' order by 1`,
    owned: await sql`
      select pg_get_serial_sequence('instructors.instructor', 'id') as sequence`,
    triggers: await sql`
      select tgrelid::regclass::text as table, tgfoid::regproc::text, tgtype, tgenabled,
        tgconstrrelid::regclass::text as other
      from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where c.relnamespace = ${schema} order by 1, 2, 3, 5`,
    schemas: await sql`select nspname from pg_namespace where nspname like 'instructors%'`,
  }
}
