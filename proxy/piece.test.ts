import { contentDigest, fragmentHeaders } from '@colonnade/http'
import { expect, test } from 'vitest'
import { readPiece } from './piece.ts'

const ours = { [fragmentHeaders.name]: 'reviews/reviews' }

test.each([404, 301, 204, 200])('a stranger’s %i is not the fragment’s answer', async (status) => {
  const html = '<p>a gateway</p>'
  const body = status === 204 ? null : html
  const headers = { Location: '/login', [fragmentHeaders.digest]: contentDigest(html) }
  const response = new Response(body, { status, headers })
  await expect(readPiece('reviews/reviews', response)).rejects.toThrow('not this fragment')
})

test('the fragment’s own 404 says that there is no such thing', async () => {
  const response = new Response('{}', { status: 404, headers: ours })
  expect((await readPiece('reviews/reviews', response)).kind).toBe('missing')
})

test('half a body is refused by its digest', async () => {
  const headers = { ...ours, [fragmentHeaders.digest]: contentDigest('<p>whole</p>') }
  const response = new Response('<p>wh', { headers })
  await expect(readPiece('reviews/reviews', response)).rejects.toThrow('digest')
})
