import type { Sql } from '@colonnade/db'
import type { CatalogueQuery, Filters, Sort } from '../catalogue/query.ts'
import { type Listed, listed } from './course.ts'

/** What a search looks for: courses with these words, courses with words that come close, or all there are. */
export type Terms =
  | { match: 'all' }
  | { match: 'words'; tsquery: string }
  | { match: 'close'; words: readonly string[] }

export type Row = Listed & { after: string | number }

/** Languages of the published courses. */
export async function listLanguages(sql: Sql): Promise<string[]> {
  const rows = await sql<{ language: string }[]>`
    select distinct language from courses.course where revision_id is not null`
  return rows.map((row) => row.language)
}

/**
 * A search as Postgres compares it. Words match as they are, or as any of the languages stems them.
 * @returns `tsquery` as text, and the words folded for comparing by trigrams
 */
export async function prepareSearch(
  sql: Sql,
  { q, words, languages }: { q: string; words: readonly string[]; languages: readonly string[] },
): Promise<{ tsquery: string; folded: string[] }> {
  // The languages agree on most words, and every word that is asked twice is also ranked twice.
  const [row] = await sql<{ tsquery: string | null; folded: string[] }[]>`
    select string_agg(distinct '(' || query::text || ')', ' | ') as tsquery,
      array(select courses.fold(word) from unnest(${[...words]}::text[]) as w (word)) as folded
    from (
      select courses.prefix_query(${[...words]}::text[]) as query
      union all
      select websearch_to_tsquery(courses.text_config(language), given)
      from unnest(${[...languages]}::text[]) as l (language),
        (values (${q}), (courses.fold(${q}))) as g (given)
    ) queries
    where numnode(query) > 0`
  return { tsquery: row?.tsquery ?? '', folded: row?.folded ?? [] }
}

function matches(sql: Sql, terms: Terms) {
  if (terms.match === 'words') return sql`and c.search @@ ${terms.tsquery}::tsquery`
  if (terms.match === 'close') {
    const some = sql`and c.words %> any(${[...terms.words]}::text[])`
    // What the index asks of each of them is enough for a single word.
    return terms.words.length === 1 ? some : sql`${some} and ${closeness(sql, terms.words)} >= 0.55`
  }
  return sql``
}

/** How close a course's words come to those looked for, on average: 0 to 1. */
function closeness(sql: Sql, words: readonly string[]) {
  return sql`(
    select avg(word_similarity(w.word, c.words)) from unnest(${[...words]}::text[]) as w (word))`
}

function chosen(sql: Sql, { level, language, subject, length }: Filters) {
  return sql`
    ${level ? sql`and c.level = ${level}` : sql``}
    ${language ? sql`and c.language = ${language}` : sql``}
    ${subject ? sql`and c.subject = ${subject}` : sql``}
    ${length ? sql`and c.length = ${length}` : sql``}`
}

function rank(sql: Sql, terms: Terms) {
  if (terms.match === 'words') return sql`ts_rank(c.search, ${terms.tsquery}::tsquery)::float8`
  if (terms.match === 'close') return closeness(sql, terms.words)
  return sql`0::float8`
}

function sorting(sql: Sql, sort: Sort, terms: Terms) {
  const by = {
    relevance: { key: rank(sql, terms), order: sql`desc`, beyond: sql`<`, type: sql`float8` },
    newest: { key: sql`c.published_at`, order: sql`desc`, beyond: sql`<`, type: sql`timestamptz` },
    title: { key: sql`c.title_key`, order: sql``, beyond: sql`>`, type: sql`text` },
    shortest: { key: sql`c.minutes`, order: sql``, beyond: sql`>`, type: sql`float8` },
    longest: { key: sql`c.minutes`, order: sql`desc`, beyond: sql`<`, type: sql`float8` },
  } satisfies Record<Sort, object>
  return by[sort]
}

// Words that nearly every course has tell nothing of any; ranking them all would take seconds.
const mostRanked = 10_000

/** A page of the catalogue, one row more than `limit` when there is another. */
export async function listCatalogue(
  sql: Sql,
  query: CatalogueQuery,
  terms: Terms,
  limit: number,
): Promise<Row[]> {
  const { key, order, beyond, type } = sorting(sql, query.sort, terms)
  const { cursor } = query
  const after =
    query.sort === 'newest'
      ? sql`to_char(c.published_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
      : key
  return await sql<Row[]>`
    select ${listed(sql)}, ${after} as after
    from (
      select * from courses.course c
      where c.revision_id is not null ${matches(sql, terms)} ${chosen(sql, query)}
      ${query.sort === 'relevance' ? sql`limit ${mostRanked}` : sql``}
    ) c
    where true ${cursor ? sql`and (${key}, c.id) ${beyond} (${String(cursor.after)}::text::${type}, ${cursor.id})` : sql``}
    order by ${key} ${order}, c.id ${order} limit ${limit + 1}`
}

export type Combination = {
  level: string
  language: string
  subject: string
  length: string
  count: number
}

/**
 * How many courses there are of each kind: all combinations that exist, so that the counts beside every filter and
 * the total follow from one query. Without a search it reads nothing but an index.
 */
export async function countCombinations(sql: Sql, terms: Terms): Promise<Combination[]> {
  return await sql<Combination[]>`
    select c.level, c.language, c.subject, c.length, count(*) as count
    from courses.course c
    where c.revision_id is not null ${matches(sql, terms)}
    group by 1, 2, 3, 4`
}
