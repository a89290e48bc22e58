import type { FragmentAnswer } from '@colonnade/http'
import {
  Empty,
  FilterLinks,
  localPath,
  type MessageId,
  Pager,
  renderHtml,
  SearchField,
  Shelf,
  subjects,
  type Translator,
} from '@colonnade/ui'
import { createElement, type ReactElement } from 'react'
import {
  type CatalogueQuery,
  type Dimension,
  dimensions,
  lengths,
  levels,
  type Sort,
} from '../catalogue/query.ts'
import { countAll, countChoices, type Found } from '../catalogue/search.ts'
import css from '../elements/catalogue.module.css'
import { courseRow } from './row.tsx'

type Props = { found: Found; query: CatalogueQuery; t: Translator; home: boolean }

/** The catalogue: search, filters as links with counts, a shelf of rows. `home` says its one sentence first. */
export function renderCatalogue(props: Props): FragmentAnswer {
  const { found, query, t, home } = props
  return {
    html: renderHtml(<Catalogue {...props} />),
    tags: ['catalogue:all', ...found.rows.map((row) => `course:${row.id}`)],
    maxAge: query.q === '' ? 60 : 15,
    meta: {
      ...(home ? {} : { title: t.t('catalogue.title') }),
      description: t.t('catalogue.description'),
      ...(home ? { canonical: '/' } : {}),
      // Endless, and of no use to somebody else's search.
      ...(query.q === '' && !query.cursor ? {} : { noindex: true }),
    },
  }
}

function Catalogue({ found, query, t, home }: Props): ReactElement {
  const total = countAll(found.combinations, query)
  return createElement(
    'course-catalogue',
    { class: css.catalogue },
    <section id="catalogue" aria-labelledby="catalogue-title" className="wrap">
      <div className={home ? css.entrance : undefined}>
        <h1 id="catalogue-title" className={home ? css.line : css.title}>
          {t.t(home ? 'home.line' : 'catalogue.title')}
        </h1>
        <div className={css.search}>
          <SearchField
            t={t}
            id="catalogue-q"
            size="large"
            action={localPath(t.lang, '/courses')}
            query={query.q}
            label={home ? t.t('home.search') : undefined}
            keep={keptFilters(query)}
          />
        </div>
      </div>
      <div className={css.columns}>
        <Filters found={found} query={query} t={t} home={home} />
        <div className={css.results}>
          <div className={css.resultsHead}>
            <h2 className={css.count} data-count="">
              {query.q === ''
                ? t.t('catalogue.count', { count: total })
                : t.t('catalogue.countFor', { count: found.close ? 0 : total, query: query.q })}
            </h2>
            <Sorts query={query} t={t} />
          </div>
          {found.close && found.rows.length > 0 ? (
            <p className={css.close}>{t.t('catalogue.similar')}</p>
          ) : null}
          <Results found={found} query={query} t={t} home={home} />
        </div>
      </div>
    </section>,
  )
}

function Results({ found, query, t }: Props): ReactElement {
  if (found.rows.length === 0) {
    const nothingYet = query.q === '' && found.combinations.length === 0
    return (
      <Empty
        title={t.t(nothingYet ? 'catalogue.empty' : 'catalogue.noMatch')}
        hint={t.t(nothingYet ? 'catalogue.emptyHint' : 'catalogue.noMatchHint')}
      >
        {nothingYet ? null : <a href={localPath(t.lang, '/courses')}>{t.t('catalogue.all')}</a>}
      </Empty>
    )
  }
  return (
    <>
      <Shelf label={t.t('catalogue.title')}>{found.rows.map((row) => courseRow(row, t))}</Shelf>
      <Pager
        t={t}
        nextLabel={t.t('pager.nextCourses')}
        next={found.next && address(t, query, { cursor: found.next })}
        first={query.cursor ? address(t, query, {}) : null}
      />
    </>
  )
}

const sortNames = {
  relevance: 'sort.relevance',
  newest: 'sort.newest',
  title: 'sort.title',
  shortest: 'sort.shortest',
  longest: 'sort.longest',
} as const satisfies Record<Sort, MessageId>

function Sorts({ query, t }: { query: CatalogueQuery; t: Translator }): ReactElement {
  const offered = (Object.keys(sortNames) as Sort[]).filter(
    (sort) => sort !== 'relevance' || query.q !== '',
  )
  return (
    <nav aria-label={t.t('sort.label')} className={css.sorts}>
      <ul>
        {offered.map((sort) => (
          <li key={sort}>
            <a
              href={address(t, { ...query, sort }, {})}
              rel="nofollow"
              aria-current={sort === query.sort ? 'true' : undefined}
            >
              {t.t(sortNames[sort])}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

const titles = {
  level: 'filters.level',
  subject: 'filters.subject',
  length: 'filters.length',
  language: 'filters.language',
} as const satisfies Record<Dimension, MessageId>

/** Choices in their own order; languages by how many courses they have. */
function choicesOf(dimension: Dimension, counts: Map<string, number>): string[] {
  if (dimension === 'level') return [...levels]
  if (dimension === 'length') return [...lengths]
  if (dimension === 'subject') return [...subjects]
  return [...counts].sort(([, a], [, b]) => b - a).map(([code]) => code)
}

function nameOf(t: Translator, dimension: Dimension, value: string): string {
  if (dimension === 'language') return t.languageName(value)
  const level = levels.find((one) => one === value)
  if (level) return t.t(`level.${level}`)
  const length = lengths.find((one) => one === value)
  if (length) return t.t(`filters.length.${length}`)
  const subject = subjects.find((one) => one === value)
  return subject ? t.t(`subject.${subject}`) : value
}

function Filters({ found, query, t }: Props): ReactElement | null {
  if (found.combinations.length === 0) return null
  const narrowed = dimensions.some((dimension) => query[dimension])
  return (
    <details className={css.filters} open={narrowed}>
      <summary className={css.filtersTitle}>
        <h2>{t.t('filters.title')}</h2>
      </summary>
      {dimensions.map((dimension) => {
        const counts = countChoices(found.combinations, query, dimension)
        return (
          <FilterLinks
            key={dimension}
            t={t}
            title={t.t(titles[dimension])}
            choices={choicesOf(dimension, counts).map((value) => {
              const isChosen = query[dimension] === value
              return {
                label: nameOf(t, dimension, value),
                count: counts.get(value) ?? 0,
                chosen: isChosen,
                href: address(t, { ...query, [dimension]: isChosen ? undefined : value }, {}),
              }
            })}
          />
        )
      })}
      {narrowed ? (
        <p className={css.clear}>
          <a href={address(t, { q: query.q, sort: query.sort }, {})}>{t.t('filters.clear')}</a>
        </p>
      ) : null}
    </details>
  )
}

/** Filters and order, for the search form to keep. */
function keptFilters(query: CatalogueQuery): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const dimension of dimensions) {
    const value = query[dimension]
    if (value) kept[dimension] = value
  }
  return kept
}

/** The catalogue's address for a query; what is usual is left out, so that one page has one address. */
function address(t: Translator, query: CatalogueQuery, { cursor }: { cursor?: string }): string {
  const search = new URLSearchParams()
  if (query.q) search.set('q', query.q)
  for (const [name, value] of Object.entries(keptFilters(query))) search.set(name, value)
  if (query.sort !== (query.q ? 'relevance' : 'newest')) search.set('sort', query.sort)
  if (cursor) search.set('cursor', cursor)
  const text = search.toString()
  return localPath(t.lang, '/courses') + (text ? `?${text}` : '')
}
