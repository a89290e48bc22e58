import { expect, test } from 'vitest'
import { Away, awayText } from './components/away.tsx'
import { ColonnadeCover, placeColumns } from './components/colonnade-cover.tsx'
import { ColonnadeHero } from './components/colonnade-hero.tsx'
import { ColonnadeProgress } from './components/colonnade-progress.tsx'
import { CourseRow } from './components/course-row.tsx'
import { initials } from './components/drum.tsx'
import { ErrorPage } from './components/error-page.tsx'
import { Facts } from './components/facts.tsx'
import { FilterLinks } from './components/filter-links.tsx'
import { Header } from './components/header.tsx'
import { Histogram } from './components/histogram.tsx'
import { Pager } from './components/pager.tsx'
import { Rating, Stars } from './components/stars.tsx'
import { WorkCard } from './components/work-card.tsx'
import { coverPicture } from './cover-picture.ts'
import { begun, chance, many } from './kit/data.ts'
import { KitPage } from './kit.tsx'
import { renderHtml } from './render-html.ts'
import { asSubject, subjects } from './subjects.ts'
import { languages, translator } from './translator.ts'

const t = translator('en')
const html = renderHtml

test.each(languages)('the kit page in %s has no inline style and no id twice', (lang) => {
  const page = html(<KitPage t={translator(lang)} picture="/x.png" />)
  expect(page).not.toMatch(/\sstyle=/)
  expect(page).not.toMatch(/<script|\son[a-z]+=/)
  const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)
  expect(new Set(ids).size).toBe(ids.length)
})

test('columns keep their order, their proportions and the width they are given', () => {
  for (const modules of [chance, many, chance.slice(0, 1)]) {
    const placed = placeColumns(modules, 148, 10)
    const last = placed.at(-1)
    expect((last?.x ?? 0) + (last?.width ?? 0)).toBeLessThanOrEqual(148)
    for (const [index, column] of placed.entries()) {
      const before = placed[index - 1]
      if (before) expect(column.x).toBeGreaterThan(before.x + before.width)
      expect(column.width).toBeGreaterThan(0)
    }
  }
  const [short, long] = placeColumns(
    [
      { key: 'a', title: '', minutes: 10 },
      { key: 'b', title: '', minutes: 100 },
    ],
    100,
    5,
  )
  expect(long?.width).toBeGreaterThan(4 * (short?.width ?? 0))
  expect(placeColumns([], 100, 5)).toEqual([])
})

test('minutes that make no sense still stand', () => {
  const odd = [0, -5, Number.NaN, 1e9].map((minutes, at) => ({ key: `${at}`, title: 'x', minutes }))
  const drawing = html(<ColonnadeCover modules={odd} subject="data" />)
  expect(drawing).not.toContain('NaN')
  expect(html(<ColonnadeHero t={t} modules={odd} subject="data" />)).not.toContain('NaN')
})

test('the same course is drawn the same, another course differently', () => {
  const cover = (subject: (typeof subjects)[number], modules = chance) =>
    html(<ColonnadeCover modules={modules} subject={subject} />)
  expect(cover('arts')).toBe(cover('arts'))
  expect(new Set(subjects.map((subject) => cover(subject))).size).toBe(subjects.length)
  expect(cover('arts', chance.slice(1))).not.toBe(cover('arts'))
  expect(cover('arts', [])).toContain('<svg')
})

test('the hero links every module and says what is finished or away', () => {
  const hero = html(<ColonnadeHero t={t} modules={begun} subject="science" />)
  for (const module of begun) {
    expect(hero).toContain(`href="${module.href}"`)
    expect(hero).toContain(`data-module="${module.key}" data-state="${module.state}"`)
  }
  expect(hero).toContain('finished')
  expect(html(<ColonnadeHero t={t} modules={many} subject="data" />)).toContain(', away')
  expect(html(<ColonnadeHero t={t} modules={[]} subject="data" />)).toBe('')
})

test('progress names the place', () => {
  const drawing = html(<ColonnadeProgress t={t} modules={chance} subject="data" current="m2" />)
  expect(drawing).toContain('aria-label="Module 2 of 4: Counting without counting"')
})

test('a cover is also a file of its own', () => {
  const picture = coverPicture(chance, 'mathematics')
  expect(picture).toMatch(/^<svg xmlns="[^"]+"[^>]* width="1200" height="630"[^>]*><style>/)
  expect(picture).toContain('#beb4f1')
  expect(picture).not.toContain('var(')
})

test('away keeps the height, the heading and one sentence', () => {
  const away = html(
    <Away id="reviews" title="Reviews" height={240} text={awayText(t, 'reviews')} />,
  )
  expect(away).toContain('height="240"')
  expect(away).toContain('id="reviews-title"')
  expect(away).toContain('Reviews are away for now. Everything else here works.')
  expect(awayText(t, 'unheard-of')).toBe(t.t('away.other'))
})

test('initials are of the first and the last name', () => {
  expect(initials('Ada Example')).toBe('AE')
  expect(initials('María de los Ángeles Ruiz')).toBe('MR')
  expect(initials('óscar')).toBe('Ó')
  expect(initials('𝒜da (x) 3')).toBe('𝒜')
  expect(initials('  ')).toBe('')
})

test('ratings are read out, and absent when there are none', () => {
  expect(html(<Stars t={t} value={4.6} />)).toContain('aria-label="4.6 out of 5"')
  expect(html(<Stars t={t} value={1} />)).toContain('aria-label="1 star"')
  expect(html(<Stars t={t} value={9} />)).toContain('aria-label="5 stars"')
  expect(html(<Rating t={t} average={0} count={0} />)).toBe('')
  expect(html(<Rating t={t} average={4} count={1} />)).toContain('4.0')
  const bars = html(<Histogram t={t} counts={[1, 0, 0, 0, 3]} />)
  expect(bars).toContain('5 stars: 3 reviews')
  expect(bars).toContain('width="33.3%"')
  expect(html(<Histogram t={t} counts={[0, 0, 0, 0, 0]} />)).not.toContain('NaN')
})

test('what is not known is left out', () => {
  const facts = html(
    <Facts
      facts={[
        { label: 'Level', value: null },
        { label: 'Count', value: 0 },
      ]}
    />,
  )
  expect(facts).not.toContain('Level')
  expect(facts).toContain('Count')
  expect(html(<Facts facts={[{ label: 'Level', value: '' }]} />)).toBe('')
  expect(html(<Pager t={t} next={null} />)).toBe('')
  const none = { label: 'Advanced', count: 0, href: '#', chosen: false }
  expect(html(<FilterLinks t={t} title="Level" choices={[none]} />)).toBe('')
  expect(html(<FilterLinks t={t} title="Level" choices={[{ ...none, chosen: true }]} />)).toContain(
    'remove this filter',
  )
})

test('a row escapes what it is given and carries its language', () => {
  const row = html(
    <CourseRow
      t={t}
      href="/learn/x"
      title={'<b>"x"</b>'}
      subject={asSubject('nonsense')}
      modules={[]}
      minutes={0}
      language="es"
    />,
  )
  expect(row).toContain('&lt;b&gt;')
  expect(row).toContain('lang="es"')
  expect(row).toContain('Spanish')
})

test('the header shows a language switch only where there is a choice', () => {
  const site = { name: 'School', href: '/' }
  const english = { lang: 'en', name: 'English', href: '/', current: true }
  const spanish = { lang: 'es', name: 'Español', href: '/es/', current: false }
  const one = html(<Header t={t} site={site} nav={[]} languages={[english]} />)
  const two = html(<Header t={t} site={site} nav={[]} languages={[english, spanish]} />)
  expect(one).not.toContain('hreflang')
  expect(two).toContain('href="/es/"')
  expect(two).toContain('hreflang="es"')
})

test('only 404 offers the search', () => {
  const page = (status: 404 | 503) =>
    html(<ErrorPage t={t} status={status} homeHref="/" searchAction="/courses" />)
  expect(page(404)).toContain('type="search"')
  expect(page(503)).not.toContain('type="search"')
})

test('work that counts says what it asks for, and leaves out what has no limit', () => {
  const work = { t, href: '/my', questions: 5, points: 8 } as const
  const due = { at: '2026-12-01T23:59', zone: 'America/New_York' }
  const quiz = html(<WorkCard {...work} kind="quiz" attempts={2} minutes={30} due={due} />)
  expect(quiz).toContain('1 December 2026 at 23:59 (America/New York)')
  expect(quiz).toContain('30 min for each attempt')
  const none = { attempts: null, minutes: null, due: null }
  const task = html(<WorkCard {...work} {...none} kind="assignment" />)
  expect(task).toContain('any number')
  expect(task).not.toMatch(/Questions|Time|Due/)
})
