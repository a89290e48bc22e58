import { expect, test } from 'vitest'
import { browserForFile } from './browser.ts'
import { course, lessonsOf } from './pages.ts'

const openTab = browserForFile()

test('a reader who returns goes on where they were', async () => {
  const { page, complaints, close } = await openTab()
  const lesson = (await lessonsOf('reasoning-about-chance'))[2] ?? ''
  await page.goto(lesson)
  const title = await page.locator('h1').innerText()
  await page.goto(course)
  const link = page.getByRole('link', { name: 'Continue', exact: true })
  expect(new URL((await link.getAttribute('href')) ?? '', page.url()).pathname).toBe(lesson)
  expect(await page.locator('#banner').innerText()).toContain(title)
  expect(complaints).toEqual([])
  await close()
})

test('a module read to its end fills its column', async () => {
  const { page, close } = await openTab()
  await page.goto(course)
  const module = page.locator('#syllabus details').first()
  const links = module.locator('a[href*="/lessons/"]:not([href*="#"])')
  const paths = await links.evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''))
  for (const path of paths) {
    await page.goto(path)
    await page.locator('lesson-place').scrollIntoViewIfNeeded()
    await page.waitForFunction(
      (lesson) => Object.values(localStorage).some((text) => text.includes(`"${lesson}"]`)),
      path.split('/').at(-1) ?? '',
    )
  }
  await page.goto(course)
  expect(await page.locator('[data-module]').first().getAttribute('data-state')).toBe('done')
  expect(await page.locator('[data-module]').nth(1).getAttribute('data-state')).not.toBe('done')
  await close()
})

test('reading settings hold on the next page, and a reset takes them back', async () => {
  const { page, close } = await openTab()
  await page.goto(course)
  const summary = page.locator('reading-settings summary')
  await summary.click()
  await page.getByLabel('Dark').check()
  await page.getByLabel('Larger').check()
  await page.getByLabel('Atkinson Hyperlegible').check()
  await page.goto((await lessonsOf('reasoning-about-chance'))[0] ?? '')
  const chosen = () => page.evaluate(() => ({ ...document.documentElement.dataset }))
  expect(await chosen()).toEqual({ theme: 'dark', size: 'larger', font: 'atkinson' })
  await summary.click()
  await page.getByRole('button', { name: 'Reset' }).click()
  await page.waitForFunction(() => Object.keys(document.documentElement.dataset).length === 0)
  await page.reload()
  expect(await chosen()).toEqual({})
  await close()
})

test('the language is switched in place, and the address keeps it', async () => {
  const { page, close } = await openTab()
  await page.goto('/courses?level=beginner')
  await page.getByRole('link', { name: /español/i }).click()
  await page.waitForURL('**/es/courses?level=beginner')
  expect(await page.locator('html').getAttribute('lang')).toBe('es')
  expect(await page.locator('h1').innerText()).toBe('Cursos')
  // A page in Spanish leads to pages in Spanish.
  const away = await page
    .locator('main a[href^="/"]')
    .evaluateAll((all) =>
      all.map((one) => one.getAttribute('href') ?? '').filter((href) => !href.startsWith('/es')),
    )
  expect(away).toEqual([])
  await page.getByRole('link', { name: /english/i }).click()
  await page.waitForURL('**/courses?level=beginner')
  expect(await page.locator('html').getAttribute('lang')).toBe('en')
  await close()
})

test('only the home page goes by the browser’s language', async () => {
  const { page, close } = await openTab({ locale: 'es-MX' })
  await page.goto('/')
  expect(new URL(page.url()).pathname).toBe('/es')
  await page.goto(course)
  expect(await page.locator('html').getAttribute('lang')).toBe('en')
  await page.goto('/es')
  await page.getByRole('link', { name: /english/i }).click()
  await page.waitForFunction(() => document.documentElement.lang === 'en')
  await close()
})

test('content says its own language and direction', async () => {
  const { page, close } = await openTab()
  await page.goto('/learn/el-cielo-a-simple-vista')
  expect(await page.locator('html').getAttribute('lang')).toBe('en')
  const title = page.locator('h1')
  expect(await title.evaluate((it) => it.closest('[lang]')?.getAttribute('lang'))).toBe('es')
  await close()
})
