import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { writeZip } from '@colonnade/format'
import { describe, expect, test } from 'vitest'
import { browserForFile } from './browser.ts'
import { overflowOf, violationsOf } from './complaints.ts'
import { own } from './pages.ts'
import { becomeTeacher } from './people.ts'

const openTab = browserForFile()

const filesOf = (slug: string): Record<string, string> => ({
  'config.yaml': `title: Knots ${slug}\nlang: en\nepisodes:\n- 01-bowline.md\n- 02-hitch.md\n`,
  'index.md': 'Two knots that hold.\n',
  'colonnade/course.yaml': `slug: ${slug}\nsubject: arts\nlevel: beginner\n`,
  'episodes/01-bowline.md':
    '---\ntitle: The bowline\nteaching: 5\nexercises: 0\n---\n\nA loop that does not slip. <blink>Old words</blink>\n\n:::::: {.quiz #loop}\n\n:::: question\n\nDoes it slip?\n\n- [ ] Yes\n- [x] No\n\n::::\n\n::::::\n',
  'episodes/02-hitch.md':
    '---\ntitle: The hitch\nteaching: 5\nexercises: 0\n---\n\nRound a post.\n',
})

/** The zip of a small course, as a file chosen in a form. */
async function zipOf(files: Record<string, string>) {
  const bytes = Object.entries(files).map(([path, text]) => [path, Buffer.from(text)] as const)
  const buffer = Buffer.from(await writeZip(new Map(bytes)))
  return { name: 'course.zip', mimeType: 'application/zip', buffer }
}

function writeFolder(files: Record<string, string>): string {
  const parent = mkdtempSync(join(tmpdir(), 'colonnade-desk-'))
  for (const [path, text] of Object.entries({ ...files, '.git/HEAD': 'ref: x' })) {
    const at = join(parent, 'knots', path)
    mkdirSync(dirname(at), { recursive: true })
    writeFileSync(at, text)
  }
  return parent
}

describe.skipIf(!own).each([
  { scripts: false, how: 'without JavaScript' },
  { scripts: true, how: 'with JavaScript' },
])('$how', ({ scripts }) => {
  test('upload a course, read the report, preview, publish, hide', async () => {
    const slug = `knots-${scripts ? 'with' : 'without'}`
    const learn = `/learn/${slug}`
    const { page, complaints, close } = await openTab({ javaScriptEnabled: scripts })
    const statusOf = async (path: string) => (await page.request.get(path)).status()
    // The browser tells of every page that is an error, and of nothing else.
    const others = () => complaints.filter((text) => !/422/.test(text))
    await becomeTeacher(page, `teacher-${scripts}@example.org`)
    const look = async () => {
      if (!scripts) return
      for (const [width, colorScheme] of [
        [320, 'dark'],
        [1280, 'light'],
      ] as const) {
        await page.setViewportSize({ width, height: 800 })
        await page.emulateMedia({ colorScheme })
        expect(await violationsOf(page)).toEqual([])
        expect(await overflowOf(page)).toEqual([])
      }
    }
    await look()

    const files = filesOf(slug)
    const wrong = { ...files, 'colonnade/course.yaml': `slug: ${slug}\nsubject: knots\n` }
    await page.getByLabel('A zip file').setInputFiles(await zipOf(wrong))
    await page.getByRole('button', { name: 'Send the zip file' }).click()
    await page.getByText('colonnade/course.yaml:2').waitFor()
    await look()

    const folder = writeFolder(files)
    await page.getByLabel('A folder').setInputFiles(join(folder, 'knots'))
    await page.getByRole('button', { name: 'Send the folder' }).click()
    await page.getByText('as a draft that only you see').first().waitFor()
    rmSync(folder, { recursive: true })
    expect(await statusOf(learn)).toBe(404)
    await look()

    await page.getByRole('link', { name: 'What became of the files' }).click()
    await page.getByRole('heading', { name: 'Left out' }).waitFor()
    await look()
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByRole('link', { name: 'Preview' }).click()
    await page.getByRole('heading', { name: `Knots ${slug}`, level: 1 }).waitFor()
    await look()
    await page.getByRole('link', { name: 'The bowline' }).first().click()
    await page.getByLabel('No', { exact: true }).check()
    await page.getByRole('button', { name: 'Check your answers' }).click()
    await page.getByText('You have 1 of 1 point.').waitFor()
    await look()

    await page.getByRole('button', { name: 'Publish' }).click()
    await page.getByText('Everybody sees it now.').waitFor()
    expect(await statusOf(learn)).toBe(200)
    // Those of other services too: none of the desk's links is dead.
    const links = page.getByRole('navigation', { name: 'This course' }).getByRole('link')
    const paths = await Promise.all(
      (await links.all()).map(async (link) => (await link.getAttribute('href')) ?? ''),
    )
    expect(paths.length).toBeGreaterThan(2)
    for (const path of paths) expect([path, await statusOf(path)]).toEqual([path, 200])
    await page.getByLabel('A zip file').setInputFiles(
      await zipOf({
        ...files,
        'episodes/02-hitch.md':
          '---\ntitle: The clove hitch\nteaching: 5\nexercises: 0\n---\n\nTwice.\n',
      }),
    )
    await page.getByRole('button', { name: 'Send the zip file' }).click()
    await page.getByRole('link', { name: 'What it changes' }).click()
    await page.getByText('The hitch → The clove hitch').waitFor()
    await look()
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByText('Discard the draft…').click()
    await page.getByRole('button', { name: 'Discard it' }).click()
    await page.getByText('The draft is discarded.').waitFor()

    await page.getByRole('button', { name: 'Hide the course' }).click()
    await page.getByText('The course is off the site.').waitFor()
    expect(await statusOf(learn)).toBe(404)
    await page.getByRole('button', { name: 'Show the course again' }).click()
    await page.getByText('on the site again').waitFor()
    expect(await statusOf(learn)).toBe(200)
    expect(others()).toEqual([])
    await close()
  })
})
