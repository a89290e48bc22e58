import type { Sql } from '@colonnade/db'
import {
  type CatalogueQuery,
  type Dimension,
  dimensions,
  encodeCursor,
  wordsOf,
} from './catalogue.ts'
import {
  type Combination,
  countCombinations,
  listCatalogue,
  prepareSearch,
  type Row,
  type Terms,
} from './queries/catalogue.ts'

export type Found = {
  rows: Row[]
  /** The cursor of the next page. */
  next: string | null
  combinations: Combination[]
  /** True when nothing had these words and what is shown only comes close. */
  close: boolean
}

/**
 * A page of the catalogue and the counts around it. When no course has the words, those with words that come close
 * are found instead.
 * @param language of the page, whose stems count beside those of the language filtered by
 */
export async function searchCatalogue(
  sql: Sql,
  query: CatalogueQuery,
  { limit, language }: { limit: number; language: string },
): Promise<Found> {
  const find = async (terms: Terms): Promise<Found> => {
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
  if (query.q === '') return find({ match: 'all' })
  const { tsquery, folded } = await prepareSearch(sql, {
    q: query.q,
    words: wordsOf(query.q),
    languages: [...new Set(['en', language, query.language ?? language])],
  })
  const exact = await find({ match: 'words', tsquery })
  return exact.combinations.length > 0 ? exact : find({ match: 'close', folded })
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
