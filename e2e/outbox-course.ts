import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { colonnade, type Settings } from './installation.ts'

/** Questions of the exam; each takes any text. */
const questions = ['first', 'second', 'third'] as const

const question = (key: string) => `::: {.question #${key}}

What do you write ${key}?

\`\`\`answer
${key}
\`\`\`

:::`

/** Imports a course whose only lesson has an exam without end. @returns its slug */
export async function importExam(own: Settings): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'colonnade-exam-'))
  mkdirSync(join(folder, 'episodes'))
  mkdirSync(join(folder, 'colonnade'))
  const write = (path: string, text: string) => writeFileSync(join(folder, path), `${text}\n`)
  write('config.yaml', 'title: "Kept work"\nlang: en\nepisodes:\n  - 01-only.md')
  write('index.md', 'A course with an exam, so that its answers can be kept.')
  write('colonnade/course.yaml', 'subject: arts\nlevel: advanced')
  write(
    'episodes/01-only.md',
    `---
title: The only lesson
teaching: 5
exercises: 0
---

There is nothing more to it.

## A part of it

Nor to this.

:::: {.quiz #check title="A check"}

${question('easy')}

::::

:::: {.quiz #exam title="The exam" graded="exams"}

${questions.map(question).join('\n\n')}

::::`,
  )
  await colonnade(['import', folder], own)
  rmSync(folder, { recursive: true })
  return 'kept-work'
}
