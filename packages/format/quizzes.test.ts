import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CourseError } from './errors.ts'
import { readPage } from './fixtures.ts'

const inQuiz = (body: string, quiz = '::: quiz') =>
  `${quiz}\n\n## Check\n\n:::: question\n\nAsked?\n\n${body}\n\n::::\n\n:::\n`
const questionOf = async (body: string) =>
  (await readPage(inQuiz(body))).lesson.quizzes[0]?.questions[0]
const refusalOf = async (body: string) => {
  try {
    await readPage(body)
  } catch (error) {
    if (error instanceof CourseError) return `${error.file}:${error.line}: ${error.problem}`
    throw error
  }
  return 'not refused'
}

describe('quizzes', () => {
  test('leave the page, which keeps a box with their title and tells no answer', async () => {
    const { html, lesson, losses } = await readPage(
      inQuiz('- [ ] Wrong\n  > Because.\n- [x] Right\n\n::::: solution\nExplained.\n:::::'),
    )
    expect(html).toBe(
      '<section class="ln-quiz" id="check"><h2 class="ln-title" id="check-title">Check</h2></section>',
    )
    expect(lesson.text).toBe('Check')
    expect(lesson.quizzes).toMatchObject([{ key: 'check', title: 'Check', draw: null }])
    expect(lesson.items[1]).toMatchObject({ key: 'check', kind: 'quiz', anchor: 'check' })
    expect(losses).toEqual([])
  })

  test('a list with boxes is a choice, with a quotation for why', async () => {
    expect(
      await questionOf('- [ ] Wrong\n  > Because.\n- [x] `Right`\n\n::::: solution\nSo.\n:::::'),
    ).toMatchObject({
      type: 'single',
      html: '<p>Asked?</p>',
      points: 1,
      explanation: '<p>So.</p>',
      options: [
        { html: 'Wrong', right: false, explanation: '<p>Because.</p>' },
        { html: '<code>Right</code>', right: true, explanation: '' },
      ],
    })
    expect(await questionOf('- [x] One\n- [x] Two\n- [ ] Three')).toMatchObject({
      type: 'multiple',
    })
  })

  test('a numbered list is an order, definitions are pairs', async () => {
    expect(await questionOf('1. First\n2. Second\n3. Third')).toMatchObject({
      type: 'ordering',
      steps: [{ html: 'First' }, { html: 'Second' }, { html: 'Third' }],
    })
    expect(await questionOf('One\n: 1\n\nTwo\n: 2')).toMatchObject({
      type: 'matching',
      pairs: [
        { html: 'One', match: { html: '1' } },
        { html: 'Two', match: { html: '2' } },
      ],
    })
  })

  test('an answer block of numbers is numeric, any other a text', async () => {
    expect(
      await questionOf('```answer\n0.25 ± 0.01 m\n25 ± 1 cm\n[ ] 9\n  The other < way.\n```'),
    ).toMatchObject({
      type: 'numeric',
      answers: [
        { value: 0.25, tolerance: 0.01, unit: 'm', right: true },
        { value: 25, tolerance: 1, unit: 'cm', right: true },
        { value: 9, tolerance: 0, unit: '', right: false, explanation: 'The other &lt; way.' },
      ],
    })
    expect(await questionOf('```answer\nleft * join\n```')).toMatchObject({
      type: 'text',
      answers: [{ pattern: 'left * join', right: true }],
    })
  })

  test('attributes say points, how many are drawn, and whether they are shuffled', async () => {
    const { lesson } = await readPage(
      '::: {.quiz #own draw="1" shuffle="yes" title="Mine"}\n:::: {.question #q points="2.5"}\nA?\n\n1. x\n2. y\n::::\n:::: question\nB?\n\n1. x\n2. y\n::::\n:::\n',
    )
    expect(lesson.quizzes).toMatchObject([
      { key: 'own', draw: 1, shuffle: true, questions: [{ key: 'q', points: 2.5 }, {}] },
    ])
  })

  test.each([
    ['::: quiz\n\nText\n\n:::', 'A quiz holds nothing but its title and its questions.'],
    ['::: quiz\n:::', 'The quiz has no question.'],
    ['::: question\nAsked?\n:::', 'A question stands outside a quiz.'],
    [inQuiz(''), 'The question has no answers.'],
    [inQuiz('- [ ] One\n- [ ] Two'), 'No answer is right.'],
    [inQuiz('- [x] One\n- Two'), 'An answer is not marked.'],
    [inQuiz('- [x] One\n- [ ] One'), 'Two of the answers are the same.'],
    [inQuiz('1. One'), 'One step is no order.'],
    [inQuiz('```answer\n[ ] 3\n```'), 'No answer is right.'],
    [inQuiz('1. a\n2. b', '::: {.quiz draw="2"}'), 'draw="2" cannot be: the quiz has 1 questions.'],
  ])('%j is refused with its place', async (body, problem) => {
    const refusal = await refusalOf(body)
    expect(refusal).toMatch(/^episodes\/01-page\.md:\d+: /)
    expect(refusal).toContain(problem)
  })

  test('a refusal names the line in the file', async () => {
    expect(
      await refusalOf('Text.\n\n::: quiz\n\n:::: question\n\nA?\n\n- [ ] One\n- [ ] Two\n'),
    ).toBe('episodes/01-page.md:14: No answer is right.')
  })

  test('whatever stands in a quiz is a quiz or is refused with its place', async () => {
    const piece = fc.constantFrom(
      '::: quiz',
      '::: {.quiz graded="q" due="2 days" draw="1"}',
      '::: assignment',
      '::: question',
      '::: {.question type="essay"}',
      '- It says why (3 points)',
      ':::',
      '- [x] a',
      '- [ ] b',
      '  > why',
      '1. one',
      '2. two',
      'Term',
      ': match',
      '```answer',
      '```',
      '0.5 ± 0.1 m',
      '## Title',
      '',
      'Text $x$',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 25 }), async (lines) => {
        expect(await refusalOf(`Begin.\n\n${lines.join('\n')}\n`)).toMatch(
          /^(not refused|episodes\/01-page\.md:\d+: .+)$/,
        )
      }),
      { numRuns: 60 },
    )
  })
})
