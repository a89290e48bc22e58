import { accountsClient } from '@colonnade/accounts/contract'
import { coursesClient } from '@colonnade/courses/contract'
import { beforeAll, expect, test } from 'vitest'
import { coursePlan, item, single } from '../../fixture/plan.ts'
import { enrolled, type LearningFixture, openLearning } from '../../fixture/service.ts'
import { openPlans } from '../../plan.ts'
import { remind } from './remind.ts'

const hour = 3_600_000

let service: LearningFixture
let run: () => Promise<number>
beforeAll(async () => {
  service = await openLearning()
  const { db, context } = service
  const plan = coursePlan(1)
  const [module] = plan.modules
  const lesson = module?.lessons[0]
  if (!module || !lesson) throw new Error('no plan')
  const at = (ms: number) => new Date(Date.now() + ms).toISOString().slice(0, 16)
  const items = [
    item('soon', [single('q')], { due: { at: at(20 * hour), zone: 'UTC' } }),
    item('later', [single('q')], { due: { at: at(30 * hour), zone: 'UTC' } }),
    item('over', [single('q')], { due: { at: at(-hour), zone: 'UTC' } }),
    item('day', [single('q')], { due: { days: 1 } }),
  ]
  service.publish({ ...plan, modules: [{ ...module, lessons: [{ ...lesson, items }] }] })
  const plans = openPlans(db, coursesClient(context.peer('courses'), context.trust))
  const accounts = accountsClient(context.peer('accounts'), context.trust)
  run = () => remind({ db, plans, accounts, origin: 'https://learn.test' })
})

const mailsTo = (person: string) => service.peers.mails.filter((mail) => mail.person === person)

test('who owes something within a day is told once, in their own time zone, and nobody else', async () => {
  const [one, done, left] = [
    await enrolled(service, 1),
    await enrolled(service, 1),
    await enrolled(service, 1),
  ]
  service.peers.zones.set(one.id, 'Asia/Tokyo')
  await done.handIn('soon', { q: 'a' })
  await done.handIn('day', { q: 'a' })
  await left.ask('POST', `${left.path}/leave`)
  service.peers.away.add('accounts')
  await expect(run()).rejects.toThrow()
  service.peers.away.delete('accounts')
  await run()
  expect(await run()).toBe(0)
  expect(mailsTo(one.id).map(({ subject }) => subject)).toEqual([
    'Due soon: About soon',
    'Due soon: About day',
  ])
  expect(mailsTo(one.id)[0]?.text).toMatch(
    /\(Asia\/Tokyo\)\.\n\nhttps:\/\/learn\.test\/my\/courses\/course-1\/items\/soon$/,
  )
  expect(mailsTo(one.id)[0]?.kind).toBe('due')
  expect([...mailsTo(done.id), ...mailsTo(left.id)]).toEqual([])
})

test('an extension moves the reminder', async () => {
  const one = await enrolled(service, 1)
  await service.db.work`
    insert into learning.extension (id, enrolment_id, item, due_at)
    values (gen_random_uuid(), ${one.enrolment}, 'soon', now() + interval '3 days'),
      (gen_random_uuid(), ${one.enrolment}, 'over', now() + interval '5 hours')`
  await run()
  expect(
    mailsTo(one.id)
      .map(({ subject }) => subject)
      .sort(),
  ).toEqual(['Due soon: About day', 'Due soon: About over'])
})
