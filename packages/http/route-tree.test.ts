import { expect, test } from 'vitest'
import { RouteTree } from './route-tree.ts'

const tree = new RouteTree<string>()
for (const [pattern, owner] of [
  ['/api/courses', 'courses'],
  ['/api/courses/:id', 'courses'],
  ['/api/courses/:id/instructors', 'instructors'],
  ['/api/courses/:id/reviews', 'reviews'],
  ['/media/*', 'media'],
  ['/learn/:slug/files/*', 'courses'],
  ['/learn/new/files/list', 'list'],
] as const) {
  tree.add(pattern, owner)
}

test.each([
  ['/api/courses', 'courses', '/api/courses'],
  ['/api/courses/7', 'courses', '/api/courses/:id'],
  ['/api/courses/7/instructors', 'instructors', '/api/courses/:id/instructors'],
  ['/media/a/b/c.avif', 'media', '/media/*'],
  ['/learn/new/files/list', 'list', '/learn/new/files/list'],
  ['/learn/new/files/a.png', 'courses', '/learn/:slug/files/*'],
])('%s leads to %s by %s', (path, value, pattern) => {
  expect(tree.find(path)).toEqual({ value, pattern })
})

test.each(['/', '', '/api', '/api/courses/7/others', '/api/courses/7/instructors/', '/learn/a'])(
  '%s leads nowhere',
  (path) => expect(tree.find(path)).toBeUndefined(),
)
