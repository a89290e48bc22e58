import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { browserForFile } from './browser.ts'
import { course, pages } from './pages.ts'

const openTab = browserForFile()

/** What has the focus: its id or its words. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement } = document
    return activeElement?.id || (activeElement?.textContent ?? '').trim()
  })

test('the first key leads past the header', async () => {
  const { page, close } = await openTab()
  await page.goto(course)
  await page.keyboard.press('Tab')
  expect(await focused(page)).toBe('Skip to the content')
  await page.keyboard.press('Enter')
  expect(await focused(page)).toBe('main')
  await close()
})

test('every link and control is reached in the order it is seen, and shows it', async () => {
  const { page, close } = await openTab()
  await page.goto(course)
  const expected = await page.evaluate(() => {
    const reachable = 'a[href], button, input, summary, [tabindex="0"]'
    return [...document.querySelectorAll<HTMLElement>(reachable)].filter((element) =>
      element.checkVisibility({ visibilityProperty: true }),
    ).length
  })
  const seen = new Set<string>()
  for (let i = 0; i < expected + 5; i += 1) {
    await page.keyboard.press('Tab')
    const where = await page.evaluate(() => {
      const element = document.activeElement
      if (!element || element === document.body) return undefined
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element)
      const all = [...document.querySelectorAll('*')]
      const ring = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none'
      return { index: all.indexOf(element), ring, html: element.outerHTML.slice(0, 80) }
    })
    if (!where) break
    expect(where.ring, `focus shows on ${where.html}`).toBe(true)
    seen.add(String(where.index).padStart(6, '0'))
  }
  expect(seen.size).toBeGreaterThanOrEqual(expected)
  // Tabbing followed the document: nothing jumps.
  expect([...seen]).toEqual([...seen].toSorted())
  await close()
})

test('the start button begins the course', async () => {
  const { page, close } = await openTab()
  await page.goto(course)
  const start = page.getByRole('link', { name: 'Start the course' })
  await start.focus()
  await Promise.all([page.waitForURL('**/lessons/**'), page.keyboard.press('Enter')])
  await close()
})

test('a module opens and closes by Enter', async () => {
  const { page, close } = await openTab()
  await page.goto(course)
  const closed = page.locator('#syllabus details:not([open])').last()
  const module = page.locator(`#syllabus details#${await closed.getAttribute('id')}`)
  await module.locator('summary').focus()
  await page.keyboard.press('Enter')
  expect(await module.getAttribute('open')).not.toBeNull()
  await page.keyboard.press('Enter')
  expect(await module.getAttribute('open')).toBeNull()
  await close()
})

test('a solution opens by Enter, and reading settings close by Escape', async () => {
  const { page, close } = await openTab()
  await page.goto((await pages['lesson with mathematics']?.()) ?? '')
  const solution = page.locator('details.ln-solution').first()
  await solution.locator('summary').focus()
  await page.keyboard.press('Enter')
  expect(await solution.getAttribute('open')).not.toBeNull()

  const settings = page.locator('reading-settings')
  await settings.locator('summary').focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Escape')
  expect(await settings.locator('details').getAttribute('open')).toBeNull()
  expect(await settings.locator('summary').evaluate((it) => it === document.activeElement)).toBe(
    true,
  )
  await close()
})
