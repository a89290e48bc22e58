import { expect, test } from 'vitest'
import { changesBetween, isNothing } from './changes.ts'

const part = (key: string, title = key, content: string | null = null) => ({ key, title, content })

test('parts are known by their keys: added, retired, renamed, changed', () => {
  const before = {
    modules: [part('m1', 'Dry'), part('m2', 'Wet')],
    lessons: [part('a', 'Flour', '1'), part('b', 'Water', '1')],
    items: [part('a/check', 'Check', '1'), part('a/gone')],
  }
  const after = {
    modules: [part('m2', 'Wet'), part('m1', 'Dry things')],
    lessons: [part('c', 'Salt', '1'), part('a', 'Flour', '2')],
    items: [part('a/check', 'Check', '2')],
  }
  expect(changesBetween(before, after)).toEqual({
    modules: {
      added: [],
      retired: [],
      renamed: [{ from: part('m1', 'Dry'), to: part('m1', 'Dry things') }],
      changed: [],
    },
    lessons: {
      added: [part('c', 'Salt', '1')],
      retired: [part('b', 'Water', '1')],
      renamed: [],
      changed: [part('a', 'Flour', '2')],
    },
    items: {
      added: [],
      retired: [part('a/gone')],
      renamed: [],
      changed: [part('a/check', 'Check', '2')],
    },
  })
  expect(isNothing(changesBetween(before, before))).toBe(true)
  expect(isNothing(changesBetween(before, after))).toBe(false)
})
