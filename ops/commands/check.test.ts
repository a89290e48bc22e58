import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { writeSmallCourse } from '../testing/small-course.ts'
import { checkCourse } from './check.ts'

const folder = mkdtempSync(join(tmpdir(), 'colonnade-check-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
afterEach(() => written.mockClear())
const said = () => written.mock.calls.map(([text]) => String(text)).join('')

const quiz = (answers: string) =>
  `Text.\n\n::: quiz\n\n:::: question\n\nWhich?\n\n${answers}\n::::\n\n:::\n`

describe('colonnade check', () => {
  test('tells what a course holds and what of it is lost', async () => {
    const lessons = { first: quiz('- [x] This\n- [ ] That\n'), second: '::: strange\nText.\n:::\n' }
    writeSmallCourse(join(folder, 'good'), { lessons })
    await checkCourse([join(folder, 'good')])
    expect(said()).toContain('2 lessons, 1 questions')
    expect(said()).toMatch(/approximated +episodes\/second\.md:\d+ {2}div strange/)
  })

  test('names file, line and how to mend what makes a course impossible', async () => {
    const bad = join(folder, 'bad')
    writeSmallCourse(bad, { lessons: { first: 'Text.' } })
    writeFileSync(join(bad, 'episodes/first.md'), quiz('- [ ] This\n- [ ] That\n'))
    await expect(checkCourse([bad])).rejects.toThrow(
      'episodes/first.md:9: No answer is right. Mark one with “[x]”.',
    )
  })

  test('names all that is wrong, not only the first of it', async () => {
    const bad = join(folder, 'worse')
    writeSmallCourse(bad, { lessons: { first: 'Text.', second: 'Text.' } })
    writeFileSync(join(bad, 'episodes/first.md'), quiz('- [ ] This\n- [ ] That\n'))
    writeFileSync(join(bad, 'episodes/second.md'), '::: {.quiz due="soon"}\n:::\n')
    await expect(checkCourse([bad])).rejects.toThrow(
      /first\.md:9: No answer is right\. .*\nepisodes\/second\.md:1: attempts, minutes and due/,
    )
  })

  test('says what to name', async () => {
    await expect(checkCourse([])).rejects.toThrow('colonnade check my-course')
    await expect(checkCourse([join(folder, 'none')])).rejects.toThrow('There is no')
  })
})
