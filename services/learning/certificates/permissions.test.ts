import { readPermissions } from '@colonnade/testing/permissions'
import { beforeAll, expect, test } from 'vitest'
import { type Certified, openCertified } from './fixture.ts'

let service: Certified
let id: string
beforeAll(async () => {
  service = await openCertified()
  id = (await service.earn('Ada Example')).id
})

const rows = readPermissions('certificates')

test('the table names every address', () => {
  expect(rows).toHaveLength(6)
})

test.each(rows)('$method $path', async ({ method, path, answers }) => {
  const body = path.endsWith('/revoke') ? { reason: 'To try the table.' } : undefined
  for (const [who, expected] of Object.entries(answers)) {
    const ask = await askAs(who)
    const { status } = await ask(method, path.replace('{id}', id), body)
    // What one has revoked, the next cannot revoke again: restored, all find the same.
    await service.operator('POST', `/api/certificates/${id}/restore`)
    expect(status === 403 ? 'no' : status < 400 ? 'yes' : String(status), who).toBe(expected)
  }
})

async function askAs(who: string) {
  if (who === 'nobody') return service.nobody
  if (who === 'learner') return (await service.person('learner')).ask
  if (who === 'instructor') return (await service.person('learner', 'instructor')).ask
  return (await service.person('learner', 'instructor', 'administrator')).ask
}
