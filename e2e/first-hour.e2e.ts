import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeZip } from '@colonnade/format'
import { expect, test } from 'vitest'
import { browserForFile } from './browser.ts'
import { overflowOf, violationsOf } from './complaints.ts'
import { colonnade } from './installation.ts'
import { own } from './pages.ts'
import { becomeTeacher, signUp } from './people.ts'

const openTab = browserForFile()
const slug = 'first-hour'
const assignment = `
:::::: {.assignment #letter title="A letter" graded="letters" due="1 days"}

Write to somebody who never tied a knot.

Clarity (3 points)
: They can follow it.

Warmth (1 point)
: They want to.

::::::
`

test.skipIf(!own)('a teacher’s first hour, from a new folder to a grade that is read', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'first-hour-')), slug)
  await colonnade(['new', 'course', folder], own ?? {})
  appendFileSync(join(folder, 'episodes/02-the-second-lesson.md'), assignment)

  const teacher = await openTab()
  const desk = teacher.page
  /** The page as it is, on a phone in the dark and on a desk in the light. */
  const look = async () => {
    for (const [width, colorScheme] of [
      [320, 'dark'],
      [1280, 'light'],
    ] as const) {
      await desk.setViewportSize({ width, height: 800 })
      await desk.emulateMedia({ colorScheme })
      expect([desk.url(), await violationsOf(desk)]).toEqual([desk.url(), []])
      expect([desk.url(), await overflowOf(desk)]).toEqual([desk.url(), []])
    }
  }
  await becomeTeacher(desk, 'first-hour-teacher@example.org')
  await desk.getByLabel('A zip file').setInputFiles({
    name: 'course.zip',
    mimeType: 'application/zip',
    buffer: Buffer.from(await writeZip(filesIn(folder))),
  })
  await desk.getByRole('button', { name: 'Send the zip file' }).click()
  await desk.getByText('as a draft that only you see').first().waitFor()
  await desk.getByRole('link', { name: 'Preview' }).click()
  await desk.getByRole('button', { name: 'Publish' }).click()
  await desk.getByText('Everybody sees it now.').waitFor()
  const path = new URL(desk.url()).pathname

  const learner = await openTab({ javaScriptEnabled: false })
  const { page } = learner
  const course = path.replace('/teach/', '')
  await signUp(page, 'Lea Learner', 'first-hour-learner@example.org')
  await page.goto(`/enrol/${course}`)
  await page.getByRole('button', { name: 'Enrol', exact: true }).click()
  await page.getByRole('link', { name: 'A letter' }).click()
  await page.getByRole('button', { name: 'Start' }).click()
  await page.getByLabel('Your answer').fill('Take the rope <b>in your left hand.')
  await page.getByRole('button', { name: 'Submit' }).click()
  await page.getByText('Waiting for your teacher.').waitFor()

  await desk.getByRole('link', { name: 'Learners' }).click()
  await desk.getByRole('row', { name: /Lea Learner/ }).waitFor()
  await desk.getByText('1 answer to be marked').waitFor()
  await look()
  await desk.getByRole('link', { name: 'Progress and questions' }).click()
  await desk.getByRole('heading', { name: 'Progress and questions', level: 1 }).waitFor()
  await look()
  await desk.getByRole('link', { name: 'Enrolment' }).click()
  await desk.getByLabel('Who may enrol').waitFor()
  await look()
  await desk.getByRole('link', { name: 'To be marked' }).click()
  await desk.getByRole('link', { name: 'Read and mark' }).click()
  await desk.getByText('Take the rope <b>in your left hand.').waitFor()
  await look()
  await desk.getByLabel('Points of 3').fill('2')
  await desk.getByLabel('Points of 1').fill('1')
  await desk.getByLabel('What you want to say to the learner').fill('Which hand was the right one?')
  await desk.getByRole('button', { name: 'Give these points' }).click()
  await desk.getByText('Nothing waits for you.').waitFor()
  await desk.getByRole('link', { name: 'Learners' }).click()
  await desk.getByRole('link', { name: 'Lea Learner' }).click()
  await desk.getByLabel('New deadline').fill('2035-05-06T07:08')
  await desk.getByRole('button', { name: 'Give it' }).click()
  await desk.getByText('They have more now.').waitFor()
  await desk.getByText('2035').waitFor()
  await look()

  await page.reload()
  await page.getByText('Which hand was the right one?').waitFor()
  await page.getByText('2035').first().waitFor()
  await page.goto(`/my/courses/${course}/grade`)
  await page.getByText('75%').first().waitFor()
  await page
    .getByText(/3 of 4/)
    .first()
    .waitFor()
  expect([teacher.complaints, learner.complaints]).toEqual([[], []])
  await learner.close()
  await teacher.close()
  rmSync(folder, { recursive: true })
})

/** The files of a folder by their paths in it, as a zip holds them. */
function filesIn(folder: string): Map<string, Uint8Array> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const files = paths.filter((path) => statSync(join(folder, path)).isFile())
  return new Map(files.map((path) => [path, new Uint8Array(readFileSync(join(folder, path)))]))
}
