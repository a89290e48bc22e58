import { personHeader } from '@colonnade/http'
import { expect, test } from 'vitest'
import { coursePlan } from './fixture/plan.ts'
import { enrolled, openLearning } from './fixture/service.ts'

test('a program does in its owner’s name what its token may, and no more than its owner', async () => {
  const service = await openLearning()
  service.publish(coursePlan(1))
  const learner = await enrolled(service, 1)
  const other = await enrolled(service, 1)
  const program = async (scope: string, method: string, path: string) => {
    const token = await service.peers.sign(learner.id, ['learner'], [scope])
    return (await service.get(path, { method, headers: { [personHeader]: token } })).status
  }
  const own = learner.path
  expect(await program('learning:read', 'GET', own)).toBe(200)
  expect(await program('learning:read', 'GET', other.path)).toBe(404)
  expect(await program('learning:read', 'GET', '/api/courses/1/learners')).toBe(403)
  expect(await program('learning:read', 'POST', `${own}/leave`)).toBe(403)
  expect(await program('learning:write', 'GET', own)).toBe(403)
  expect(await program('reviews:write', 'GET', own)).toBe(403)
  expect(await program('learning:write', 'POST', `${own}/leave`)).toBeLessThan(300)
})
