import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBrowser } from '@colonnade/testing/browser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCourse } from '../templates/course.ts'
import { openPreview, type Preview, type Read } from './preview.ts'

const folder = mkdtempSync(join(tmpdir(), 'colonnade-previewed-'))
const course = join(folder, 'course')
const reads: Read[] = []
let preview: Preview
beforeAll(async () => {
  await makeCourse(course, 'en')
  preview = await openPreview({ folder: course, port: 0, onRead: (read) => reads.push(read) })
}, 120_000)
afterAll(async () => {
  await preview.close()
  rmSync(folder, { recursive: true, force: true })
})

const page = async (path = '') => await (await fetch(preview.url + path)).text()
async function eventually(ask: () => Promise<string>, text: string): Promise<string> {
  for (;;) {
    const html = await ask()
    if (html.includes(text)) return html
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
const change = (path: string, from: string | RegExp, to: string) => {
  const file = join(course, path)
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to))
}

test('a saved edit is on the page, an error says where, and mending it shows the page again', async () => {
  expect(preview.url).toMatch(/\/learn\/course$/)
  await eventually(page, '<h1')
  change('index.md', /$/, '\n\nWritten while you watched.\n')
  await eventually(page, 'Written while you watched.')
  change('colonnade/course.yaml', /^level: .*$/m, 'level: impossible')
  const broken = await eventually(page, 'role="alert"')
  expect(broken).toMatch(/<code>colonnade\/course\.yaml:\d+<\/code>/)
  expect(broken).toContain('Written while you watched.')
  change('colonnade/course.yaml', 'level: impossible', 'level: advanced')
  await eventually(page, 'Advanced')
  expect(await page()).not.toContain('role="alert"')
  expect(reads.some((read) => 'refused' in read)).toBe(true)
}, 120_000)

test('an open page loads again by itself, under the policy that real pages have', async () => {
  const browser = await openBrowser()
  try {
    const tab = await browser.newPage()
    const refused: string[] = []
    tab.on('console', (message) => {
      if (message.type() === 'error') refused.push(message.text())
    })
    await tab.goto(preview.url)
    change('index.md', /$/, '\n\nSeen without a hand on the keyboard.\n')
    await tab.getByText('Seen without a hand on the keyboard.').waitFor({ timeout: 60_000 })
    change('colonnade/course.yaml', 'level: advanced', 'level: [')
    await tab.getByRole('alert').waitFor({ timeout: 60_000 })
    change('colonnade/course.yaml', 'level: [', 'level: advanced')
    await tab.getByRole('alert').waitFor({ state: 'detached', timeout: 60_000 })
    expect(refused.filter((text) => text.includes('Content Security Policy'))).toEqual([])
  } finally {
    await browser.close()
  }
}, 240_000)
