import { describe, expect, test } from 'vitest'
import { question, quiz, readPage, refusals } from './fixtures.ts'

describe('banks', () => {
  const bank = `${question('One? ![A column](../fig/c.png)')}\n${question('Two?')}`
  const files = { 'colonnade/banks/chance.md': bank, 'colonnade/fig/c.png': 'pretend' }

  test('lend their questions to quizzes, which may add their own', async () => {
    const { lesson, course, report } = await readPage(
      `${quiz('bank="chance" draw="1"', '')}\n${quiz('bank="chance" draw="3"', question('Three?'))}`,
      files,
    )
    expect(lesson.quizzes.map(({ draw, questions }) => [draw, questions.length])).toEqual([
      [1, 2],
      [3, 3],
    ])
    expect(course.images).toEqual(['colonnade/fig/c.png'])
    expect(report.filter(({ outcome }) => outcome !== 'exact')).not.toContainEqual(
      expect.objectContaining({ file: 'colonnade/banks/chance.md' }),
    )
  })

  test('that both a check and what counts draw from give its answers away', async () => {
    const { report } = await readPage(
      `${quiz('bank="chance"', '')}\n${quiz('bank="chance" graded="q"', '')}`,
      files,
    )
    expect(report).toContainEqual(
      expect.objectContaining({ file: 'colonnade/banks/chance.md', outcome: 'approximated' }),
    )
  })

  test('that nothing draws from, and their other text, are reported', async () => {
    const { report } = await readPage('Text.', {
      'colonnade/banks/chance.md': `# Chance\n\n${question()}`,
    })
    expect(report.filter(({ file }) => file.includes('banks')).map(({ why }) => why)).toEqual(
      expect.arrayContaining(['no quiz draws from it', 'only its questions are asked']),
    )
  })

  test('are refused with their own lines, once', async () => {
    const broken = { 'colonnade/banks/chance.md': `\n\n${question()}\n:::: question\nNo?\n::::\n` }
    expect(await refusals(quiz('bank="chance" draw="2"', ''), broken)).toEqual([
      'colonnade/banks/chance.md:10: The question has no answers.',
    ])
    expect(await refusals('Text.', { 'colonnade/banks/chance.md': 'Text.\n' })).toEqual([
      'colonnade/banks/chance.md:1: The bank has no question.',
    ])
    expect(
      await refusals('Text.', { 'colonnade/banks/chance.md': `${question()}\n${question()}` }),
    ).toEqual(['colonnade/banks/chance.md:1: Two questions are the same.'])
  })
})
