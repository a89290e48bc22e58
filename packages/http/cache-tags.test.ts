import { expect, test } from 'vitest'
import { answerJson, noContent } from './answers.ts'
import { readTags } from './cache-tags.ts'

const many = Array.from({ length: 1000 }, (_, id) => `course:${id}`)

test('an answer says what it shows, a write what it changed', () => {
  const read = answerJson('[]', { tags: ['course:7', 'instructor:1'] }).headers
  expect(readTags(read.get('cache-tag'))).toEqual(['course:7', 'instructor:1'])
  expect(read.has('cache-tag-changed')).toBe(false)
  expect(readTags(noContent(['course:7']).headers.get('cache-tag-changed'))).toEqual(['course:7'])
  expect([...noContent().headers]).toEqual([])
})

test('with more tags than fit an answer is not kept, and a write says those that do', () => {
  expect(answerJson('[]', { tags: many }).headers.has('cache-tag')).toBe(false)
  const changed = readTags(answerJson('{}', { changed: many }).headers.get('cache-tag-changed'))
  expect(changed).toEqual(many.slice(0, changed.length))
  expect(changed.length).toBeGreaterThan(100)
})
