import type { BrowserContextOptions } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { browserForFile } from './browser.ts'
import { addReviews, addTinyCourses } from './fixtures.ts'
import { course, own, pages } from './pages.ts'

const openTab = browserForFile()
const reviewed = 'teach-your-first-course'

beforeAll(async () => {
  if (!own) return
  await addTinyCourses(own, 20)
  await addReviews(own, reviewed, 30)
}, 120_000)

// The same must work in place with scripts as it does by plain links without.
describe.each([
  { scripts: false, how: 'without JavaScript' },
  { scripts: true, how: 'with JavaScript' },
])('$how', ({ scripts }) => {
  const open = (options: BrowserContextOptions = {}) =>
    openTab({ ...options, javaScriptEnabled: scripts })

  test('a search finds courses, also with a typing error', async () => {
    const { page, complaints, close } = await open()
    await page.goto('/')
    await page.locator('main input[type=search]').fill('probabilty chance')
    await page.locator('main button[type=submit]').click()
    await page.waitForURL('**/courses?q=probabilty+chance')
    await page
      .getByRole('link', { name: /Reasoning about Chance/ })
      .first()
      .waitFor()
    expect(complaints).toEqual([])
    await close()
  })

  test('a search that finds nothing says so and leads on', async () => {
    const { page, close } = await open()
    await page.goto('/courses?q=xylophone-quasar-zzz')
    await page.getByText('Take away a filter, or try fewer words.').waitFor()
    await page.getByRole('link', { name: 'All courses' }).click()
    await page.waitForURL(/\/courses$/)
    await close()
  })

  test.each([360, 1280])('filters narrow, combine and come off at %d px', async (width) => {
    const { page, close } = await open({ viewport: { width, height: 800 } })
    await page.goto('/courses')
    // On a wide screen they stand open beside the shelf.
    if (width < 800) await page.getByText('Narrow down').click()
    await page.getByRole('link', { name: /^Mathematics/ }).click()
    await page.waitForURL('**/courses?subject=mathematics')
    await page.getByRole('heading', { name: '1 course', exact: true }).waitFor()
    await page.getByRole('link', { name: /^English/ }).click()
    await page.waitForURL(/language=en/)
    await page.getByRole('link', { name: 'Clear all' }).click()
    await page.waitForURL(/\/courses$/)
    await close()
  })

  test('the order is chosen', async () => {
    const { page, close } = await open()
    await page.goto('/courses')
    await page
      .getByRole('navigation', { name: 'Order' })
      .getByRole('link', { name: 'Title' })
      .click()
    await page.waitForURL('**/courses?sort=title')
    await page
      .getByRole('navigation', { name: 'Order' })
      .locator('[aria-current]', { hasText: 'Title' })
      .waitFor()
    await close()
  })

  test.skipIf(!own)('the catalogue is paged', async () => {
    const { page, close } = await open()
    await page.goto('/courses')
    const first = await page.locator('main li h3').allInnerTexts()
    await page.getByRole('link', { name: 'More courses' }).click()
    await page.waitForURL(/cursor=/)
    await page.getByRole('link', { name: 'Back to the start' }).waitFor()
    const second = await page.locator('main li h3').allInnerTexts()
    expect(second.length).toBeGreaterThan(0)
    expect(second.filter((title) => first.includes(title))).toEqual([])
    await page.getByRole('link', { name: 'Back to the start' }).click()
    await page.waitForURL(/\/courses$/)
    await close()
  })

  test.skipIf(!own)('more reviews are loaded', async () => {
    const { page, complaints, close } = await open()
    await page.goto(`/learn/${reviewed}`)
    const items = page.locator('#reviews ol > li')
    const before = await items.allInnerTexts()
    await page.getByRole('link', { name: 'More reviews' }).click()
    if (scripts) {
      await page.waitForFunction(
        (count) => document.querySelectorAll('#reviews ol > li').length > count,
        before.length,
      )
      expect((await items.allInnerTexts()).slice(0, before.length)).toEqual(before)
    } else {
      await page.waitForURL(/reviews=/)
      expect(new URL(page.url()).hash).toBe('#reviews')
      const after = await items.allInnerTexts()
      expect(after.length).toBeGreaterThan(0)
      expect(after.filter((text) => before.includes(text))).toEqual([])
    }
    expect(complaints).toEqual([])
    await close()
  })

  test('modules and solutions open, lessons lead to the next', async () => {
    const { page, close } = await open()
    await page.goto(course)
    const closed = page.locator('#syllabus details:not([open])').last()
    const id = await closed.getAttribute('id')
    await closed.locator('summary').click()
    expect(await page.locator(`#${id}`).getAttribute('open')).not.toBeNull()
    await page.goto((await pages['lesson with mathematics']?.()) ?? '')
    const solution = page.locator('details.ln-solution').first()
    await solution.locator('summary').click()
    expect(await solution.getAttribute('open')).not.toBeNull()
    await Promise.all([
      page.waitForURL((url) => url.pathname.includes('/lessons/')),
      page.locator('a[rel=next]').last().click(),
    ])
    await close()
  })
})

test('nothing is offered that would not work without JavaScript', async () => {
  const { page, close } = await openTab({ javaScriptEnabled: false })
  await page.goto((await pages['lesson with code']?.()) ?? '')
  expect(await page.locator('reading-settings').isVisible()).toBe(false)
  expect(await page.locator('copy-code button:visible').count()).toBe(0)
  await close()
})
