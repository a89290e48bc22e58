import { describe, expect, test } from 'vitest'
import { browserForFile } from './browser.ts'
import { colonnade } from './installation.ts'
import { linkTo } from './letters.ts'
import { course, own } from './pages.ts'

const openTab = browserForFile()
const password = 'three columns and a beam'

describe.skipIf(!own).each([
  { scripts: false, how: 'without JavaScript' },
  { scripts: true, how: 'with JavaScript' },
])('$how', ({ scripts }) => {
  test('sign up, confirm, see one’s name, sign out and in again', async () => {
    const { page, complaints, close } = await openTab({ javaScriptEnabled: scripts })
    const email = `reader-${scripts}@example.org`
    await page.goto(course)
    await page.getByRole('link', { name: 'Sign in' }).click()
    await page.waitForURL(/\/sign-in\?next=/)
    await page.getByRole('link', { name: 'I have no account yet' }).click()
    await page.getByLabel('Name').fill('Ada Reader')
    await page.getByLabel('E-mail address').fill(email)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Make an account' }).click()
    await page.getByText('A mail is on its way to you.').waitFor()
    await page.goto(await linkTo(email))
    await page.getByRole('button', { name: 'Confirm and go on' }).click()
    await page.getByRole('heading', { name: 'Ada Reader', level: 1 }).waitFor()

    await page.goto(course)
    // The page is the same for everybody; only with scripts the name is put in.
    await page.getByRole('link', { name: scripts ? 'Ada Reader' : 'Sign in' }).click()
    await page.waitForURL(/\/account$/)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL((url) => url.pathname === '/')
    await page.getByRole('link', { name: 'Sign in' }).click()
    await page.getByLabel('E-mail address').fill(email)
    await page.getByLabel('Password').fill('not this one at all')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Address and password do not go together.').waitFor()
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(/\/account$/)
    // The browser tells of the password that was wrong, and of nothing else.
    expect(complaints).toEqual([expect.stringContaining('422')])
    await close()
  })
})

test.skipIf(!own)('the operator’s link makes an administrator, who reads the mails', async () => {
  const said = await colonnade(['admin', 'link'], own ?? {})
  const path = /\/admin\/link\?token=\S+/.exec(said)?.[0] ?? ''
  const { page, complaints, close } = await openTab()
  await page.goto(path)
  await page.getByLabel('Name').fill('Grace Operator')
  await page.getByLabel('E-mail address').fill('operator@example.org')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Become administrator' }).click()
  await page.getByRole('link', { name: 'People' }).click()
  await page.getByText('operator@example.org').waitFor()
  await page.goto('/admin/mail')
  await page.getByRole('heading', { name: 'Mails', level: 1 }).waitFor()
  expect(complaints).toEqual([])
  await close()
})
