import { describe, expect, test } from 'vitest'
import { coursePolicy, defaultPolicy, grade } from './index.ts'

describe('the policy of a course that has none', () => {
  test('weighs its groups alike and passes at 60 %', () => {
    const policy = defaultPolicy(['quizzes', 'project', 'quizzes'])
    expect(coursePolicy.parse(policy)).toEqual(policy)
    expect(policy.groups.map(({ key }) => key)).toEqual(['quizzes', 'project'])
    const items = [
      { key: 'a', group: 'quizzes', due: null },
      { key: 'b', group: 'project', due: null },
    ]
    const submitted = (item: string, points: number) =>
      ({ id: item, item, type: 'submitted', at: 0, points, of: 10 }) as const
    expect(grade([submitted('a', 10), submitted('b', 2)], items, policy)).toMatchObject({
      share: 0.6,
      threshold: 'Pass',
    })
  })

  test('asks for a pass only where something is graded', () => {
    expect(defaultPolicy([]).completion).toEqual({ lessons: true, threshold: null })
    expect(defaultPolicy(['quizzes']).completion.threshold).toBe('Pass')
  })
})
