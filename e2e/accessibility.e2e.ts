import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserForFile, type Tab } from './browser.ts'
import { overflowOf, violationsOf } from './complaints.ts'
import { pages } from './pages.ts'

const openTab = browserForFile()

describe.each([
  { width: 320, theme: 'light' },
  { width: 320, theme: 'dark' },
  { width: 1280, theme: 'light' },
  { width: 1280, theme: 'dark' },
] as const)('at $width px, $theme', ({ width, theme }) => {
  let tab: Tab
  beforeAll(async () => {
    tab = await openTab({ viewport: { width, height: 800 }, colorScheme: theme })
  })
  afterAll(() => tab.close())

  test.each(Object.keys(pages))('%s: axe, policy and console are silent', async (name) => {
    const { page, complaints } = tab
    complaints.length = 0
    const path = await pages[name]?.()
    const response = await page.goto(path ?? '', { waitUntil: 'load' })
    const missing = name === 'not found'
    expect(response?.status()).toBe(missing ? 404 : 200)
    expect(await violationsOf(page)).toEqual([])
    expect(await overflowOf(page)).toEqual([])
    // The browser itself notes an address that is not there.
    expect(missing ? complaints.filter((text) => !text.includes('404')) : complaints).toEqual([])
  })
})
