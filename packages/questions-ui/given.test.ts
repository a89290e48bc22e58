import type { Question } from '@colonnade/questions'
import { expect, test } from 'vitest'
import { answerTo } from './given.ts'

const base = { key: 'q', html: '', points: 1, explanation: '' }

test('of several choices those that are ticked are the answer', () => {
  const option = { html: '', right: true, explanation: '' }
  const options = ['a', 'b', 'c'].map((key) => ({ ...option, key }))
  const question: Question = { ...base, type: 'multiple', options }
  expect(answerTo(question, new URLSearchParams('q.c=1&q.a=1&q.z=1&q=b'))).toEqual(['a', 'c'])
})
