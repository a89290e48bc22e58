import type { Sql } from '@colonnade/db'
import {
  type Combination,
  countCombinations,
  listCatalogue,
  listLanguages,
  prepareSearch,
  type Row,
  type Terms,
} from '../queries/catalogue.ts'
import { type CatalogueQuery, type Dimension, dimensions, encodeCursor, wordsOf } from './query.ts'

export type Found = {
  rows: Row[]
  /** The cursor of the next page. */
  next: string | null
  combinations: Combination[]
  /** True when nothing had these words and what is shown only comes close. */
  close: boolean
}

export type Catalogue = (query: CatalogueQuery, limit: number) => Promise<Found>

const languagesKnownMs = 30_000
const mostLanguages = 8

/**
 * Finds pages of the catalogue and the counts around them. When no course has the words, those with words that come
 * close are found instead.
 */
export function openCatalogue(sql: Sql): Catalogue {
  let languages: { known: Promise<string[]>; until: number } | undefined

  // Which languages to stem a query in: those of the courses, asked for now and then.
  function languagesNow(): Promise<string[]> {
    if (!languages || languages.until < performance.now()) {
      const known = listLanguages(sql)
      languages = { known, until: performance.now() + languagesKnownMs }
      known.catch(() => {
        languages = undefined
      })
    }
    return languages.known
  }

  return async (query, limit) => {
    if (query.q === '') return find(sql, query, { match: 'all' }, limit)
    const { tsquery, folded } = await prepareSearch(sql, {
      q: query.q,
      words: wordsOf(query.q),
      languages: (await languagesNow()).slice(0, mostLanguages),
    })
    const exact = await find(sql, query, { match: 'words', tsquery }, limit)
    if (exact.combinations.length > 0) return exact
    return find(sql, query, { match: 'close', words: longWords(folded) }, limit)
  }
}

/** Short words come close to everything: they count only when there is nothing longer. */
function longWords(words: readonly string[]): readonly string[] {
  const long = words.filter((word) => word.length > 2)
  return long.length > 0 ? long : words
}

async function find(sql: Sql, query: CatalogueQuery, terms: Terms, limit: number): Promise<Found> {
  const [rows, combinations] = await Promise.all([
    listCatalogue(sql, query, terms, limit),
    countCombinations(sql, terms),
  ])
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return {
    rows: shown,
    next: last ? encodeCursor({ sort: query.sort, after: last.after, id: last.id }) : null,
    combinations,
    close: terms.match === 'close',
  }
}

/** How many courses a choice in one dimension would show, the other filters kept. */
export function countChoices(
  combinations: readonly Combination[],
  query: CatalogueQuery,
  dimension: Dimension,
): Map<string, number> {
  const counts = new Map<string, number>()
  for (const combination of combinations) {
    const fits = dimensions.every(
      (other) => other === dimension || !query[other] || combination[other] === query[other],
    )
    const value = combination[dimension]
    counts.set(value, (counts.get(value) ?? 0) + (fits ? combination.count : 0))
  }
  return counts
}

/** How many courses fit all filters. */
export function countAll(combinations: readonly Combination[], query: CatalogueQuery): number {
  return combinations
    .filter((one) => dimensions.every((name) => !query[name] || one[name] === query[name]))
    .reduce((sum, one) => sum + one.count, 0)
}
