import type { Page } from 'playwright-core'
import { colonnade } from './installation.ts'
import { linkTo } from './letters.ts'
import { own } from './pages.ts'

const password = 'three columns and a beam'

/** Makes an account, and is signed in with it. */
export async function signUp(page: Page, name: string, email: string): Promise<void> {
  await page.goto('/sign-up')
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Make an account' }).click()
  await page.getByText('A mail is on its way to you.').waitFor()
  await page.goto(await linkTo(email))
  await page.getByRole('button', { name: 'Confirm and go on' }).click()
  await page.getByRole('heading', { name, level: 1 }).waitFor()
}

/** Becomes somebody who may teach, and is at their desk. */
export async function becomeTeacher(page: Page, email: string): Promise<void> {
  const said = await colonnade(['admin', 'link'], own ?? {})
  await page.goto(/\/admin\/link\?token=\S+/.exec(said)?.[0] ?? '')
  await page.getByLabel('Name').fill('Tia Teacher')
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Become administrator' }).click()
  await page.getByRole('link', { name: 'Your courses' }).click()
  await page.getByRole('heading', { name: 'Your courses', level: 1 }).waitFor()
}
