import { createHmac } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { browserForFile } from './browser.ts'
import { overflowOf, violationsOf } from './complaints.ts'
import { colonnade } from './installation.ts'
import { baseUrl, own } from './pages.ts'

const openTab = browserForFile()
const email = 'keys@example.org'
const password = 'three columns and a beam'

/** The code of an app (RFC 6238), some half minutes ahead: each counts once. */
function codeOf(secret: string, ahead: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret.replaceAll(' ', '')]
    .map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from(bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? [])
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead))
  const digest = createHmac('sha1', key).update(counter).digest()
  const at = (digest.at(-1) ?? 0) & 15
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** Holds in light and dark, on a phone. */
async function isSound(page: Page): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await violationsOf(page)).toEqual([])
    expect(await overflowOf(page)).toEqual([])
  }
}

test.skipIf(!own)('a second step is set up and asked for, without JavaScript', async () => {
  const said = await colonnade(['admin', 'link'], own ?? {})
  // axe runs as a script of the test's own: pages have none that they need.
  const { page, complaints, close } = await openTab({ viewport: { width: 320, height: 800 } })
  await page.route('**/*.js', (route) => route.abort())
  await page.goto(/\/admin\/link\?token=\S+/.exec(said)?.[0] ?? '')
  await page.getByLabel('Name').fill('Grace Keys')
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Become administrator' }).click()

  await page.getByRole('link', { name: 'Second step when signing in' }).click()
  await isSound(page)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Set it up' }).click()
  const qr = page.getByRole('img', { name: 'A QR code' })
  const box = await qr.boundingBox()
  expect([box?.width, box?.height].map((side) => (side ?? 0) > 150)).toEqual([true, true])
  await isSound(page)
  const secret = await page.locator('code').innerText()
  await page.getByLabel('The code that the app shows now').fill(codeOf(secret, -1))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByText('These are your recovery codes.').waitFor()
  await isSound(page)
  await page.getByRole('link', { name: 'I have kept them' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()

  await page.goto('/sign-in')
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'One more step' }).waitFor()
  await isSound(page)
  await page.getByLabel('Code of your app').fill(codeOf(secret, 0))
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('heading', { name: 'Grace Keys', level: 1 }).waitFor()
  await page.getByRole('link', { name: 'Second step when signing in' }).click()
  await page.getByText('You have 10 recovery codes left.').waitFor()
  await isSound(page)

  await page.goto('/account/tokens')
  await isSound(page)
  await page.getByLabel('Name').fill('A very long name of a program, '.repeat(3).trim())
  await page.getByLabel('reviews:write').check()
  await page.getByRole('button', { name: 'Make a token' }).click()
  const token = await page.getByText('clnd_').innerText()
  await isSound(page)
  const write = async () => {
    const sent = await fetch(`${baseUrl}/api/courses/1/reviews`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: '{}',
    })
    return sent.status
  }
  // It may; what it sends is no review.
  expect(await write()).toBe(422)
  await page.getByRole('button', { name: 'Revoke' }).click()
  await page.getByText('You have no tokens.').waitFor()
  expect(complaints.filter((text) => !text.includes('.js'))).toEqual([])
  await close()
})
