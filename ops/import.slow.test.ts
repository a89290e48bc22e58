import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from './root.ts'
import { look } from './testing/course-page.ts'
import { writeSmallCourse } from './testing/small-course.ts'
import { type Serving, Trial } from './testing/trial.ts'

/** Real courses, where there are some beside the project. */
const content = join(root, '../shared/content')
const folders = existsSync(content)
  ? readdirSync(content).filter((name) => existsSync(join(content, name, 'config.yaml')))
  : []

const trial = new Trial()
const settings = trial.settings('data')
let serving: Serving

beforeAll(async () => {
  writeFileSync(join(trial.data('data'), 'samples-imported'), '')
  serving = await trial.serve(['start'], settings)
}, 120_000)
afterAll(() => trial.close())

const count = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].length

/** Reads a course page and all its lessons. */
async function read(slug: string) {
  const page = await look(serving.url, `/learn/${slug}`)
  expect(page.status).toBe(200)
  const link = new RegExp(`href="(/learn/${slug}/lessons/[^"#?]+)`, 'g')
  const paths = [...new Set([...page.html.matchAll(link)].map(([, path]) => path ?? ''))]
  const lessons = []
  for (const path of paths) {
    const { status, html } = await look(serving.url, path)
    expect([path, status]).toEqual([path, 200])
    lessons.push({ path, html: html.slice(html.indexOf('<main')) })
  }
  return { page, lessons, all: lessons.map(({ html }) => html).join('\n') }
}

/** The files that become lessons. */
function lessonsIn(folder: string): string[] {
  return ['episodes', 'learners'].flatMap((part) =>
    readdirSync(join(folder, part))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, part, name)),
  )
}

/** A table is one when its head has as many cells as the line below it. */
function countTables(lines: string[]): number {
  const cells = (line = '') => line.trim().split('|').length
  const ruled = /^\|? *:?-{2,}:? *\|/
  return lines.filter((line, i) => ruled.test(line) && cells(line) === cells(lines[i - 1])).length
}

/** What the source files hold, counted without the importer's help; comments and code are nobody's markup. */
function countSource(folder: string) {
  const text = lessonsIn(folder)
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n')
    .replace(/<!--[\s\S]*?-->/g, '')
  const fences = count(text, /^(?:```|~~~)/gm)
  const bare = text.replace(/^(```+|~~~+)[\s\S]*?^\1/gm, '')
  const div = (name: string) => count(bare, new RegExp(`^:{3,} *\\{?\\.?${name}\\b`, 'gm'))
  return {
    code: Math.floor(fences / 2),
    challenges: div('challenge'),
    solutions: div('solution') + div('hint'),
    callouts: div('callout'),
    figures: [...bare.matchAll(/!\[[^\]]*\]\(([^)\s]+)/g)].filter(([, path = '']) =>
      existsSync(join(folder, 'episodes', path)),
    ).length,
    tables: countTables(bare.split('\n')),
  }
}

describe.skipIf(folders.length === 0)('courses of others (skipped where there are none)', () => {
  test.each(folders)(
    '%s: its report, and everything on its pages',
    async (name) => {
      const folder = join(content, name)
      const said = await trial.run(['import', folder], settings)
      expect(said).toMatch(/\d+ elements exact, \d+ approximated, \d+ dropped/)
      const slug = /Published as revision 1: \S*\/learn\/(\S+)/.exec(said)?.[1] ?? ''
      expect(slug).not.toBe('')
      const { page, lessons, all } = await read(slug)
      const source = countSource(folder)

      expect(lessons.length).toBeGreaterThanOrEqual(
        readdirSync(join(folder, 'episodes')).filter((file) => file.endsWith('.md')).length,
      )
      for (const { path, html } of lessons) {
        expect([path, html]).toEqual([path, expect.stringMatching(/<h1[^>]*>[^<]+/)])
        expect([path, html]).toEqual([path, expect.not.stringMatching(/^:::/m)])
      }
      expect(page.html).toMatch(/\d+ (h|min)/)
      expect(count(all, /class="ln-challenge/g)).toBe(source.challenges)
      expect(count(all, /class="ln-solution/g)).toBe(source.solutions)
      expect(count(all, /ln-callout--callout/g)).toBeGreaterThanOrEqual(source.callouts)
      expect(count(all, /class="ln-code/g)).toBeGreaterThanOrEqual(source.code)
      expect(count(all, /<table/g)).toBeGreaterThanOrEqual(source.tables)
      expect(source.code * source.challenges).toBeGreaterThan(0)

      const pictures = [...all.matchAll(/<img\b[^>]*>/g)].map(([tag]) => tag)
      expect(pictures.length).toBeGreaterThanOrEqual(source.figures)
      for (const tag of pictures) {
        expect(tag).toMatch(/\salt="/)
        const src = /\ssrc="([^"]+)"/.exec(tag)?.[1] ?? ''
        const response = await fetch(new URL(src, serving.url))
        expect([src, response.status]).toEqual([src, 200])
        expect(response.headers.get('content-type')).toMatch(/^image\//)
      }
      for (const [, file] of all.matchAll(new RegExp(`href="(/learn/${slug}/files/[^"#]+)`, 'g'))) {
        const response = await fetch(new URL(file ?? '', serving.url))
        expect([file, response.status]).toEqual([file, 200])
      }

      expect(await trial.run(['import', folder], settings)).toContain(
        'Nothing changed since revision 1',
      )
    },
    240_000,
  )
})

test('a course changes its title, then its address; the old one leads to the new one', async () => {
  const folder = trial.data('small')
  const first = await trial.run(['import', writeSmallCourse(folder)], settings)
  expect(first).toContain('Published as revision 1')
  expect((await look(serving.url)).html).toContain('A Small Course')
  expect(await trial.run(['import', folder], settings)).toContain(
    'Nothing changed since revision 1',
  )

  writeSmallCourse(folder, { title: 'A Better Title' })
  expect(await trial.run(['import', folder], settings)).toContain('Published as revision 2')
  expect((await look(serving.url)).html).toContain('<h1')
  expect((await look(serving.url)).html).toContain('A Better Title')

  writeSmallCourse(folder, { title: 'A Better Title', slug: 'at-another-address' })
  expect(await trial.run(['import', folder], settings)).toContain('Published as revision 3')
  const moved = [
    '/learn/a-small-course',
    '/es/learn/a-small-course',
    '/learn/a-small-course/lessons/first',
  ]
  for (const path of moved) {
    const response = await fetch(serving.url + path, { redirect: 'manual' })
    const there = path.replace('a-small-course', 'at-another-address')
    expect([path, response.status, response.headers.get('location')]).toEqual([path, 301, there])
    expect((await look(serving.url, there)).status).toBe(200)
  }
})

test('what is no course is refused with the file and the reason, and nothing changes', async () => {
  const folder = writeSmallCourse(trial.data('broken'), { slug: 'broken-course' })
  writeFileSync(join(folder, 'config.yaml'), 'title: [unclosed\n')
  await expect(trial.run(['import', folder], settings)).rejects.toThrow(/config\.yaml/)
  await expect(trial.run(['import', join(folder, 'nowhere')], settings)).rejects.toThrow(/nowhere/)
  expect((await look(serving.url, '/learn/broken-course')).status).toBe(404)
})
