import { describe, expect, test } from 'vitest'
import { CourseError } from './errors.ts'
import { folderOf, question, quiz, readPage, refusals } from './fixtures.ts'
import { readCourse } from './read.ts'

const grading = (text: string) => ({ 'colonnade/grading.yaml': text })

describe('what counts', () => {
  test('is said by attributes of the quiz', async () => {
    const { lesson, course, losses } = await readPage(
      quiz('graded="quizzes" attempts="2" minutes="30" due="2026-12-01 23:59"'),
      grading('zone: Europe/Madrid\n'),
    )
    expect(lesson.items[1]).toMatchObject({
      kind: 'quiz',
      graded: {
        group: 'quizzes',
        attempts: 2,
        minutes: 30,
        due: { at: '2026-12-01T23:59', zone: 'Europe/Madrid' },
      },
    })
    expect(course.policy.groups).toEqual([{ key: 'quizzes', title: 'quizzes', weight: 1, drop: 0 }])
    expect(losses).toEqual([])
  })

  test('without limits has none, and may be due after enrolling', async () => {
    const { lesson, course } = await readPage(quiz('graded="quizzes" due="14 days"'))
    expect(lesson.items[1]?.graded).toEqual({
      group: 'quizzes',
      attempts: null,
      minutes: null,
      due: { days: 14 },
    })
    expect(course.policy).toMatchObject({
      zone: 'UTC',
      completion: { lessons: true, threshold: 'Pass' },
    })
  })

  test.each([
    ['attempts="2"', 'attempts, minutes and due are for what counts towards the grade.'],
    ['graded="a b"', 'graded="a b" is no name of a group.'],
    ['graded="q" attempts="0"', 'attempts="0" cannot be.'],
    ['graded="q" minutes="soon"', 'minutes="soon" cannot be.'],
    ['graded="q" due="2026-04-31 10:00"', 'due="2026-04-31 10:00" is no time.'],
    ['graded="q" due="tomorrow"', 'due="tomorrow" is no time.'],
    ['graded="q" due="0 days"', 'due="0 days" is no time.'],
    ['bank="none"', 'There is no bank “none”.'],
    ['shuffle="maybe"', 'shuffle="maybe" cannot be.'],
  ])('%s is refused with its line', async (attributes, problem) => {
    expect(await refusals(quiz(attributes))).toEqual([`episodes/01-page.md:6: ${problem}`])
  })

  test('a misspelt attribute is reported', async () => {
    const { losses } = await readPage(quiz('grade="quizzes"'))
    expect(losses[0]).toContain('attributes of quiz approximated: without effect: grade;')
  })

  test('a group that grading.yaml does not have is refused where it is named', async () => {
    const file = grading('groups:\n- key: exams\n')
    expect(await refusals(quiz('graded="quizzes"'), file)).toEqual([
      'episodes/01-page.md:6: colonnade/grading.yaml has no group “quizzes”.',
    ])
  })
})

describe('essays and assignments', () => {
  const rubric = '- Names its **source** (3 points)\n- Draws a conclusion (1.5 p)'

  test('an assignment is a quiz of one essay, and leaves nothing but its title', async () => {
    const { lesson, html, losses } = await readPage(
      `::: {.assignment #report title="Your report" graded="project" due="2 days" files="yes"}\nWrite [it](data/t.csv).\n\n${rubric}\n\n:::: solution\nA good one.\n::::\n:::\n`,
      { 'episodes/data/t.csv': 'a,b\n' },
    )
    expect(html).toBe(
      '<section class="ln-assignment" id="report"><h2 class="ln-title" id="report-title">Your report</h2></section>',
    )
    expect(lesson.text).toBe('Your report')
    expect(lesson.items[1]).toMatchObject({
      key: 'report',
      kind: 'assignment',
      title: 'Your report',
      graded: { group: 'project', due: { days: 2 } },
    })
    expect(lesson.quizzes[0]).toMatchObject({
      key: 'report',
      questions: [
        {
          key: 'task',
          type: 'essay',
          files: true,
          points: 4.5,
          html: '<p>Write <a href="file:episodes/data/t.csv">it</a>.</p>',
          explanation: '<p>A good one.</p>',
          rubric: [
            { html: 'Names its <strong>source</strong>', points: 3 },
            { html: 'Draws a conclusion', points: 1.5 },
          ],
        },
      ],
    })
    expect(losses).toEqual([])
  })

  test('without more it counts in “assignments” and is worth ten points', async () => {
    const { lesson } = await readPage('::: assignment\nWrite:\n\n- one page\n- (2) columns\n:::\n')
    expect(lesson.items[1]).toMatchObject({ title: 'Assignment', graded: { group: 'assignments' } })
    const essay = lesson.quizzes[0]?.questions[0]
    expect(essay).toMatchObject({ points: 10, files: false, rubric: [] })
    expect(essay?.html).toContain('<li>one page</li>')
  })

  test('a rubric may be definitions, in any language', async () => {
    const { lesson } = await readPage(
      '::: assignment\nEscribe.\n\nFuente (2 puntos)\n: Se puede seguir.\n\nForma (0,5)\n: Cabe en una página.\n:::\n',
    )
    expect(lesson.quizzes[0]?.questions[0]).toMatchObject({
      points: 2.5,
      rubric: [
        { html: '<p><strong>Fuente</strong></p><p>Se puede seguir.</p>', points: 2 },
        { points: 0.5 },
      ],
    })
  })

  test('a question of a graded quiz may be an essay', async () => {
    const essay = `:::: {.question type="essay" points="4"}\nWhy?\n::::\n`
    const { lesson } = await readPage(quiz('graded="essays"', essay))
    expect(lesson.quizzes[0]?.questions[0]).toMatchObject({ type: 'essay', points: 4 })
  })

  test.each([
    [
      quiz('', ':::: {.question type="essay"}\nWhy?\n::::'),
      'Nobody would read the essay: a teacher reads what counts.',
    ],
    [
      quiz('graded="q"', ':::: {.question type="essay"}\nWhy?\n\n```answer\n3\n```\n::::'),
      'An essay has no expected answers.',
    ],
    [quiz('', ':::: {.question type="poem"}\nWhy?\n::::'), 'type="poem" cannot be.'],
    ['::: assignment\n:::', 'The task says nothing.'],
    ['::: assignment\nDo.\n\n- Well (3)\n- Soon\n:::', 'A line of the rubric has no points.'],
    [
      '::: {.assignment points="9"}\nDo.\n\n- Well (3)\n:::',
      'points="9" is not what the rubric comes to, 3.',
    ],
    ['::: {.assignment points="0"}\nDo.\n:::', '0 points cannot be.'],
    [
      `::: assignment\nDo.\n\n${question()}\n:::`,
      'An assignment is one task, without quizzes and questions.',
    ],
    ['::: {.assignment files="pdf"}\nDo.\n:::', 'files="pdf" cannot be.'],
  ])('%j is refused', async (body, problem) => {
    const found = await refusals(body)
    expect(found[0]).toMatch(/^episodes\/01-page\.md:\d+: /)
    expect(found.map((one) => one.replace(/^.*?:\d+: /, ''))).toEqual([problem])
  })
})

describe('grading.yaml', () => {
  test('says how a grade comes about', async () => {
    const { course, report } = await readPage(
      `${quiz('graded="quizzes"')}\n::: {.assignment graded="project"}\nDo.\n:::\n`,
      grading(`zone: America/Bogota
attempt: average
groups:
- key: quizzes
  title: Quizzes
  weight: 40
  drop: 1
- key: project
  weight: 60
- key: exams
late:
  grace: 15 minutes
  perDay: 25%
thresholds:
- name: Pass
  from: 60%
- name: Distinction
  from: 0.9
completion:
  lessons: no
`),
    )
    expect(course.policy).toEqual({
      zone: 'America/Bogota',
      attempt: 'average',
      groups: [
        { key: 'quizzes', title: 'Quizzes', weight: 40, drop: 1 },
        { key: 'project', title: 'project', weight: 60, drop: 0 },
        { key: 'exams', title: 'exams', weight: 1, drop: 0 },
      ],
      late: { graceMs: 900_000, perDay: 0.25, days: 4 },
      thresholds: [
        { name: 'Pass', from: 0.6 },
        { name: 'Distinction', from: 0.9 },
      ],
      completion: { lessons: false, threshold: 'Pass' },
    })
    const own = report.filter(
      ({ file, outcome }) => file.includes('grading') && outcome !== 'exact',
    )
    expect(own).toMatchObject([
      { line: 10, element: 'group exams', why: 'nothing counts towards it' },
    ])
  })

  test('asks for no grade where nothing is graded', async () => {
    const { course } = await readPage('Text.', grading('completion:\n  threshold: Pass\n'))
    expect(course.policy.completion).toEqual({ lessons: true, threshold: null })
  })

  test.each([
    ['zone: Europe/Atlantis', '1: zone: must be a time zone like “Europe/Madrid”.'],
    ['attempt: first', '1: attempt: Invalid option'],
    ['groups:\n- key: a\n- key: a', '3: groups.1.key: “a” is there already.'],
    ['groups:\n- key: a\n  weight: 0', '1: groups: must not all weigh 0.'],
    ['late:\n  perDay: 10', '2: late.perDay: must be a share like “60%”'],
    ['late:\n  grace: a while\n  perDay: 10%', '2: late.grace: must be a time like'],
    ['thresholds:\n- name: A\n  from: 120%', '3: thresholds.0.from: must be a share'],
    ['completion:\n  threshold: A', '2: completion.threshold: must be one of the thresholds: Pass'],
  ])('%j is refused with its line', async (text, problem) => {
    const [found] = await refusals('Text.', grading(`${text}\n`))
    expect(found).toContain(`colonnade/grading.yaml:${problem}`)
  })
})

test('whatever is wrong is told at once, by file and line', async () => {
  const lesson = `---\ntitle: A\nteaching: 5\n---\n${quiz('graded="q" due="soon"')}\n${quiz('', ':::: question\nNo?\n::::\n:::: question\nNor?\n::::\n')}`
  const error = await readCourse(
    folderOf({
      'config.yaml': 'title: T\nepisodes:\n- 01-a.md\n- 02-b.md\n- 03-c.md\n',
      'episodes/01-a.md': lesson,
      'episodes/02-b.md': '::: quiz\n:::\n',
      'colonnade/grading.yaml': 'zone: Nowhere\nattempt: first\n',
      'colonnade/course.yaml': 'level: high\n',
    }),
  ).catch((caught: unknown) => caught)
  if (!(error instanceof CourseError)) throw new Error('not refused')
  expect([error, ...error.others].map(({ file, line }) => `${file}:${line}`)).toEqual([
    'colonnade/course.yaml:1',
    'colonnade/grading.yaml:1',
    'colonnade/grading.yaml:2',
    'config.yaml:5',
    'episodes/01-a.md:5',
    'episodes/01-a.md:16',
    'episodes/01-a.md:19',
    'episodes/02-b.md:1',
  ])
})
