import { localBackend, personalDataClient } from '@colonnade/http'
import { beforeAll, expect, test } from 'vitest'
import { openReviews } from './fixture.ts'

let service: Awaited<ReturnType<typeof openReviews>>
let keeps: ReturnType<typeof personalDataClient>
beforeAll(async () => {
  service = await openReviews()
  keeps = personalDataClient(localBackend(service.running), service.context.trust, 5000)
})

async function review(
  learner: string,
  stars: number,
  course = 7,
  text = 'I am Ada of 12 Foundry Lane.',
): Promise<string> {
  const sent = { learner, author: 'Ada Example', stars, text }
  const made = await service.write('POST', `/api/courses/${course}/reviews`, sent)
  return (await made.json()).id
}
const read = async (path: string) => await (await service.get(path)).json()
const erase = (person: string, key: string, language = 'en') =>
  keeps.erasePerson(person, { language, key })

test('a person is given all that they wrote and voted for, and nothing of others', async () => {
  const [ada, ben] = [crypto.randomUUID(), crypto.randomUUID()]
  expect(await keeps.exportPerson(ada)).toBeNull()
  await review(ada, 4)
  const his = await review(ben, 2)
  await service.write('POST', `/api/reviews/${his}/helpful`, { voter: ada })
  const { data, files } = (await keeps.exportPerson(ada)) ?? {}
  expect(data).toEqual({
    written: [expect.objectContaining({ courseId: 7, stars: 4, author: 'Ada Example' })],
    foundHelpful: [{ courseId: 7, review: his }],
  })
  expect(files).toEqual([])
})

test('name, words and votes go, the stars stay, and copies of pages are to be dropped', async () => {
  const [ada, ben] = [crypto.randomUUID(), crypto.randomUUID()]
  const hers = await review(ada, 5, 8)
  const his = await review(ben, 1, 8, 'Too short.')
  for (const id of [hers, his]) {
    await service.write('POST', `/api/reviews/${id}/helpful`, { voter: ada })
  }
  const before = await read('/api/courses/8/reviews/summary')
  const { kept, erased } = await erase(ada, 'a')
  expect(erased).toEqual([
    'Your name and words on 1 review.',
    '2 marks of yours that a review was helpful.',
  ])
  expect(kept).toEqual([
    {
      what: 'The stars of 1 review, no longer as yours.',
      why: 'The ratings of courses rest on them.',
    },
  ])
  expect(await read(`/api/reviews/${hers}`)).toMatchObject({ author: '', text: '', stars: 5 })
  expect((await read(`/api/reviews/${his}`)).helpful).toBe(0)
  expect(await read('/api/courses/8/reviews/summary')).toEqual(before)
  expect(await keeps.exportPerson(ada)).toBeNull()
  const page = await (await service.get('/fragments/reviews/reviews?course=8')).text()
  expect(page).toContain('Somebody who has left')
  expect(page).not.toContain('Foundry Lane')
  const told = await service.db.work<{ subject: string }[]>`
    select subject from reviews.outbox where type = 'reviews.purged'`
  expect(told.map(({ subject }) => subject)).toEqual(['reviews-of:8'])
})

test('asked twice it says the same under one key, and takes what came later under another', async () => {
  const ada = crypto.randomUUID()
  await review(ada, 3, 9)
  const first = await erase(ada, 'one', 'es')
  expect(first.erased).toEqual(['Tu nombre y tus palabras en 1 reseña.'])
  expect(await erase(ada, 'one', 'es')).toEqual(first)
  // With a token that still lived.
  await review(ada, 2, 9)
  expect(await erase(ada, 'one', 'es')).toEqual(first)
  expect((await erase(ada, 'two', 'es')).kept).toHaveLength(1)
  expect(await erase(ada, 'three', 'es')).toEqual({ erased: [], kept: [] })
  const { items } = await read('/api/courses/9/reviews')
  expect(
    items.map(({ author, stars }: { author: string; stars: number }) => [author, stars]),
  ).toEqual([
    ['', 2],
    ['', 3],
  ])
})

test('only services may ask', async () => {
  const path = `/internal/people/${crypto.randomUUID()}`
  expect((await service.get(`${path}/export`)).status).toBe(401)
  expect((await service.get(`${path}/erase`, { method: 'POST', body: '{}' })).status).toBe(401)
  await expect(keeps.exportPerson('me')).rejects.toMatchObject({ status: 404 })
})
