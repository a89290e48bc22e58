import { describe, expect, test } from 'vitest'
import { browserForFile } from './browser.ts'
import { quizLesson } from './pages.ts'

const openTab = browserForFile()

// The same form marks itself in place with scripts, and leads to a page with its marks without.
describe.each([
  { scripts: false, how: 'without JavaScript' },
  { scripts: true, how: 'with JavaScript' },
])('$how', ({ scripts }) => {
  test('a quiz is answered by keyboard, marked and explained', async () => {
    const { page, complaints, close } = await openTab({
      javaScriptEnabled: scripts,
      viewport: { width: 360, height: 740 },
    })
    await page.goto(quizLesson)
    await page.getByLabel('Your answer').focus()
    await page.keyboard.type('inner join')
    await page.getByRole('combobox', { name: 'GROUP BY gathers what is left' }).focus()
    await page.keyboard.type('3')
    await page.getByRole('radio', { name: '1', exact: true }).focus()
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Check your answers' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('You have 1 of 4 points.').waitFor()
    await page.getByText('It drops what has no partner, and Old Mill has none.').waitFor()
    expect(new URL(page.url()).pathname).toBe(scripts ? quizLesson : `${quizLesson}/quizzes/check`)
    expect(await page.getByLabel('Your answer').inputValue()).toBe('inner join')
    await page.getByLabel('Your answer').fill('left join')
    await page.getByRole('button', { name: 'Check again' }).click()
    await page.getByText('You have 2 of 4 points.').waitFor()
    expect(complaints).toEqual([])
    await close()
  })
})

test('answers are kept in this browser until they are checked', async () => {
  const { page, close } = await openTab()
  await page.goto(quizLesson)
  await page.getByLabel('Your answer').fill('left outer')
  await page.getByRole('radio', { name: 'NULL' }).check()
  await page.reload()
  await page.waitForFunction(() => document.querySelector('input[autocomplete=off]') !== null)
  expect(await page.getByLabel('Your answer').inputValue()).toBe('left outer')
  expect(await page.getByRole('radio', { name: 'NULL' }).isChecked()).toBe(true)
  await close()
})
