import { describe, expect, test } from 'vitest'
import { browserForFile } from './browser.ts'
import { overflowOf, violationsOf } from './complaints.ts'
import { linkTo } from './letters.ts'
import { course, own } from './pages.ts'

const openTab = browserForFile()
const password = 'three columns and a beam'
/** Two pixels, as PNG. */
const photo = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR4nGM4IQcEJwAHIwIJ5FiIOQAAAABJRU5ErkJggg==',
  'base64',
)

describe.skipIf(!own).each([
  { scripts: false, width: 320, scheme: 'dark', how: 'on a phone without JavaScript' },
  { scripts: true, width: 1280, scheme: 'light', how: 'with JavaScript' },
] as const)('$how', ({ scripts, width, scheme }) => {
  test('a photo, one’s data, and leaving for good', async () => {
    const { page, complaints, close } = await openTab({
      javaScriptEnabled: scripts,
      viewport: { width, height: 800 },
      colorScheme: scheme,
    })
    /** Axe needs scripts, so it looks in a tab that has them. */
    const isWell = async () => {
      if (!scripts) return
      expect(await violationsOf(page)).toEqual([])
      expect(await overflowOf(page)).toEqual([])
    }
    const email = `leaver-${scripts}@example.org`
    await page.goto('/sign-up')
    await page.getByLabel('Name').fill('Ada Maximiliana von Langname-Wolkenstein')
    await page.getByLabel('E-mail address').fill(email)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Make an account' }).click()
    await page.getByText('A mail is on its way to you.').waitFor()
    await page.goto(await linkTo(email))
    await page.getByRole('button', { name: 'Confirm and go on' }).click()
    await page.waitForURL(/\/account$/)

    const file = { name: 'me.png', mimeType: 'image/png', buffer: photo }
    await page.getByLabel('Photo').setInputFiles(file)
    await page.getByRole('button', { name: 'Use this photo' }).click()
    await page.getByRole('button', { name: 'Remove the photo' }).waitFor()
    await isWell()
    if (scripts) {
      await page.goto(course)
      const shown = page.locator('account-link img')
      await shown.waitFor()
      await expect.poll(() => shown.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(2)
      await page.getByRole('link', { name: /^Ada/ }).click()
    }

    await page.getByRole('link', { name: 'Download my data' }).click()
    await page.getByRole('button', { name: 'Download my data' }).waitFor()
    await isWell()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download my data' }).click()
    expect((await download).suggestedFilename()).toMatch(/^my-data-.*\.zip$/)

    await page.goto('/account/erase')
    await isWell()
    await page.getByLabel('Type the e-mail address').fill(email)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Erase my account' }).click()
    await page.getByRole('heading', { name: 'Your account is erased', level: 1 }).waitFor()
    await page.getByText('Your photo.', { exact: true }).waitFor()
    await isWell()
    await page.goto('/account')
    await page.waitForURL(/\/sign-in/)
    expect(complaints).toEqual([])
    await close()
  })
})
