import { personHeader, type Role } from '@colonnade/http'
import { beforeAll, describe, expect, test } from 'vitest'
import { coursePlan, essay, item, single } from '../fixture/plan.ts'
import { type LearningFixture, openLearning } from '../fixture/service.ts'

let service: LearningFixture
beforeAll(async () => {
  service = await openLearning()
  service.publish(coursePlan(1))
})

/** Somebody with a browser, as far as it matters here. */
async function visitor(...roles: Role[]) {
  const id = (await service.person()).id
  const token = await service.peers.sign(id, roles.length > 0 ? roles : ['learner'])
  const headers = { [personHeader]: token }
  const get = (path: string) => service.get(path, { headers })
  const post = (path: string, body: BodyInit | Record<string, string> = {}, from = 'same-origin') =>
    service.get(path, {
      method: 'POST',
      headers: { ...headers, 'Sec-Fetch-Site': from },
      body:
        typeof body === 'object' && body.constructor === Object
          ? new URLSearchParams(Object.entries(body))
          : (body as BodyInit),
    })
  return {
    get,
    post,
    text: async (path: string) => textOf(await (await get(path)).text()),
    html: async (path: string) => await (await get(path)).text(),
    /** Enrolled in course 1. */
    async enrolled() {
      expect((await post('/enrol/course-1')).status).toBe(303)
      return this
    },
    /** Starts an attempt, and leads to its form. */
    async start(key: string, slug = 'course-1') {
      const path = `/my/courses/${slug}/items/${key}`
      const attempt = /name="_attempt" value="([^"]+)"/.exec(await (await get(path)).text())?.[1]
      const fields = { _attempt: attempt ?? '', _do: 'start' }
      const begun = await post(path, fields)
      expect([begun.status, begun.headers.get('location')]).toEqual([303, path])
      return { path, attempt: attempt ?? '' }
    },
  }
}

const textOf = (html: string) => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
const afterOf = (html: string, question: string) =>
  new RegExp(`name="_after.${question}" value="([^"]+)"`).exec(html)?.[1] ?? ''

describe('enrolling', () => {
  test('who is not signed in is led to an account; who is enrols by one button', async () => {
    const open = await (await service.get('/enrol/course-1')).text()
    expect(open).toContain('/sign-up?next=%2Fenrol%2Fcourse-1')
    const nobody = await service.get('/enrol/course-1', {
      method: 'POST',
      headers: { 'Sec-Fetch-Site': 'same-origin' },
    })
    expect(nobody.headers.get('location')).toBe('/sign-in?next=%2Fenrol%2Fcourse-1')
    const one = await visitor()
    expect((await one.get('/my/courses/course-1')).headers.get('location')).toBe('/enrol/course-1')
    const done = await one.post('/es/enrol/course-1')
    expect(done.headers.get('location')).toBe('/es/my/courses/course-1')
    expect(await one.text('/enrol/course-1')).toContain('You are enrolled in this course.')
    expect((await one.post('/enrol/course-1', {}, 'cross-site')).status).toBe(403)
    expect((await one.get('/enrol/none')).status).toBe(404)
  })

  test('a code, a date and seats are said, and held to', async () => {
    service.publish(coursePlan(2))
    const intake = { mode: 'code', code: 'Beam', startsAt: null, endsAt: null, seats: 1 }
    expect((await service.operator('PUT', '/api/courses/2/intake', intake)).status).toBeLessThan(
      300,
    )
    const [one, late] = [await visitor(), await visitor()]
    expect(await one.text('/enrol/course-2')).toMatch(/Whoever has the code.*Seats left 1/)
    const wrong = await one.post('/enrol/course-2', { code: 'Column' })
    expect([wrong.status, textOf(await wrong.text())]).toEqual([
      422,
      expect.stringContaining('This is not the code'),
    ])
    expect((await one.post('/enrol/course-2', { code: ' beam ' })).status).toBe(303)
    const full = await late.post('/enrol/course-2', { code: 'beam' })
    expect([full.status, await full.text()]).toEqual([
      409,
      expect.stringContaining('All seats are taken.'),
    ])
    expect(await late.html('/enrol/course-2')).not.toContain('<form')
  })

  test('leaving frees the seat and keeps the work', async () => {
    const one = await (await visitor()).enrolled()
    const left = await one.post('/my/courses/course-1/leave')
    expect(left.headers.get('location')).toBe('/my')
    expect(await one.text('/my')).toContain('You are in no course yet.')
  })
})

test('my courses and the course tell what is open and where to go on', async () => {
  const one = await (await visitor()).enrolled()
  expect(await one.text('/my')).toMatch(
    /0 of 2 lessons done.*Due next: About essay.*Continue: First/,
  )
  const words = await one.text('/my/courses/course-1')
  expect(words).toMatch(/Graded quiz: About exam Open/)
  expect(words).toMatch(/About essay Open · Due \w+, \d+ \w+ \d{4} at \d\d:\d\d \(UTC\)/)
  const done = await one.post('/my/courses/course-1', { done: 'l1' })
  expect(done.headers.get('location')).toBe('/my/courses/course-1#lesson-first')
  expect(await one.text('/my/courses/course-1')).toMatch(/1 of 2 lessons done Continue: Second/)
  expect((await one.post('/my/courses/course-1', { done: 'none' })).status).toBe(404)
  expect(await one.html('/es/my/courses/course-1')).toContain(
    'href="/es/learn/course-1/lessons/first"',
  )
})

describe('a quiz', () => {
  test('is started, saved, gone on with and handed in, and read afterwards', async () => {
    const one = await (await visitor()).enrolled()
    const { path, attempt } = await one.start('exam')
    const form = await one.html(path)
    expect(form).not.toContain('about a')
    const saved = await one.post(path, { _attempt: attempt, q1: 'a', _do: 'save' })
    expect(saved.headers.get('location')).toBe(`${path}?told=saved`)
    const again = await one.html(path)
    expect(again).toMatch(/name="q1" value="a" checked/)
    const after = { '_after.q1': afterOf(again, 'q1') }
    const fields = { _attempt: attempt, q1: 'a', q2: 'b', ...after, _do: 'submit' }
    const done = await one.post(path, fields)
    expect(done.headers.get('location')).toBe(`${path}?attempt=${attempt}`)
    const words = await one.text(`${path}?attempt=${attempt}`)
    expect(words).toMatch(/1 of 2 points.*Right\..*about a.*Not right\..*about b/)
    expect(words).toContain('You have 1 attempt left.')
    // What is sent once more, by a page that stood open, is kept and does not count.
    const late = await one.post(path, { ...fields, q2: 'a', _do: 'save' })
    expect(late.headers.get('location')).toBe(`${path}?attempt=${attempt}&told=late`)
    expect(await one.text(`${path}?attempt=${attempt}`)).toMatch(
      /1 of 2 points.*1 answer came after/,
    )
    expect(await one.text('/my/courses/course-1/grade')).toMatch(/Attempt 1 : 1 of 2 points/)
    expect(await one.text('/my/courses/course-1')).toMatch(/About exam 50%/)
  })

  test('with no attempt left none begins', async () => {
    const one = await (await visitor()).enrolled()
    const { path, attempt } = await one.start('timed')
    expect(await one.text(path)).toMatch(/30 min left, until/)
    await one.post(path, { _attempt: attempt, t1: 'a', _do: 'submit' })
    expect(await one.text(path)).toContain('You have used all your attempts.')
    const id = '0190aaaa-0000-7000-8000-000000000001'
    const more = await one.post(path, { _attempt: id, _do: 'start' })
    expect(more.headers.get('location')).toBe(`${path}?told=none-left`)
  })

  test('two devices that disagree are both shown, and the learner chooses', async () => {
    const one = await (await visitor()).enrolled()
    const { path, attempt } = await one.start('exam')
    await one.post(path, { _attempt: attempt, q1: 'a', _do: 'save' })
    const after = { '_after.q1': afterOf(await one.html(path), 'q1') }
    const base = { _attempt: attempt, ...after, _do: 'save' }
    expect((await one.post(path, { ...base, q1: 'b' })).headers.get('location')).toContain('=saved')
    // The other device's page did not change the answer: it overwrites nothing.
    expect((await one.post(path, { ...base, q1: 'a' })).headers.get('location')).toContain('=saved')
    expect(await one.html(path)).toMatch(/name="q1" value="b" checked/)
    const other = await one.post(path, { ...base, q1: 'c', _do: 'submit' })
    expect(other.headers.get('location')).toBe(`${path}?told=conflict`)
    const html = await one.html(path)
    const versions = [...html.matchAll(/name="_take" value="([^"]+)"/g)].map(([, id]) => id ?? '')
    expect(versions).toHaveLength(2)
    const words = textOf(html)
    expect(words).toMatch(/Two of your devices answered differently\. Both are kept/)
    await one.post(path, { _attempt: attempt, _take: versions[1] ?? '' })
    const chosen = await one.html(path)
    expect(chosen).toMatch(/name="q1" value="b" checked/)
    expect(chosen).not.toContain('_take')
  })
})

describe('an essay', () => {
  async function essayForm(text: string, files: File[], more: Record<string, string> = {}) {
    const form = new FormData()
    for (const [name, value] of Object.entries({ e1: text, ...more })) form.append(name, value)
    for (const file of files) form.append('e1.new', file)
    return form
  }

  test('takes text and files, which stay inert, and waits for the teacher', async () => {
    const [one, other] = [await (await visitor()).enrolled(), await (await visitor()).enrolled()]
    const { path, attempt } = await one.start('essay')
    const svg = new File(['<svg onload="alert(1)">'], '../évil.svg', { type: 'image/svg+xml' })
    const big = new File([new Uint8Array(5_000_001)], 'big.bin')
    const fields = { _attempt: attempt, _do: 'save' }
    const saved = await one.post(path, await essayForm('Why <b>?', [svg, big], fields))
    expect(saved.headers.get('location')).toBe(`${path}?told=file-large`)
    const html = await one.html(path)
    expect(html).toContain('Why &lt;b&gt;?</textarea>')
    const file = /href="(\/my\/files\/[^"]+)"/.exec(html)?.[1] ?? ''
    const sent = await one.get(file)
    expect(sent.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(sent.headers.get('content-disposition')).toContain('attachment; filename="_vil.svg"')
    expect(sent.headers.get('content-security-policy')).toContain('sandbox')
    expect((await other.get(file)).status).toBe(404)
    expect((await (await visitor('administrator')).get(file)).status).toBe(200)
    const id = file.split('/').at(-1) ?? ''
    const after = { '_after.e1': afterOf(html, 'e1'), 'e1.file': id }
    const done = await essayForm('Why <b>?', [], { ...fields, ...after, _do: 'submit' })
    await one.post(path, done)
    const words = await one.text(`${path}?attempt=${attempt}`)
    expect(words).toMatch(/1 answer waits for your teacher.*évil\.svg.*Waiting for your teacher\./)
    expect(await one.text('/my/courses/course-1')).toContain('About essay Waiting for your teacher')
  })

  test('a form that is too large says so, and nothing of it is there', async () => {
    const one = await (await visitor()).enrolled()
    const { path, attempt } = await one.start('essay')
    const files = Array.from({ length: 6 }, () => new File([new Uint8Array(4_900_000)], 'a.bin'))
    const sent = await one.post(path, await essayForm('x', files, { _attempt: attempt }))
    expect(sent.headers.get('location')).toBe(`${path}?told=form-large`)
    const html = await one.html(`${path}?told=form-large`)
    expect(html).toContain('These files are too large to be sent together.')
    expect(html).not.toContain('a.bin')
  })

  test('takes no file of somebody else’s attempt', async () => {
    const [one, other] = [await (await visitor()).enrolled(), await (await visitor()).enrolled()]
    const mine = await one.start('essay')
    const secret = new File(['secret'], 'a.txt')
    await one.post(
      mine.path,
      await essayForm('x', [secret], { _attempt: mine.attempt, _do: 'save' }),
    )
    const id = /\/my\/files\/([^"]+)"/.exec(await one.html(mine.path))?.[1] ?? ''
    const { path, attempt } = await other.start('essay')
    const stolen = { _attempt: attempt, _do: 'save', 'e1.file': id }
    await other.post(path, await essayForm('y', [], stolen))
    expect(await other.html(path)).not.toContain(id)
    expect((await other.post(path, { _attempt: mine.attempt, _do: 'save' })).status).toBe(404)
    expect((await other.get(`${path}?attempt=${mine.attempt}`)).status).toBe(404)
  })
})

test('a calendar has an address of its own, which can be replaced', async () => {
  const one = await (await visitor()).enrolled()
  expect((await one.post('/es/my/calendar')).headers.get('location')).toBe('/es/my#calendar')
  const path = /http:\/\/localhost:3000(\/my\/calendar\/[\w-]+\.ics)/.exec(
    await one.html('/my'),
  )?.[1]
  const answer = await service.get(path ?? '')
  expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8')
  const ics = await answer.text()
  expect(ics).toContain('SUMMARY:Due: About essay\r\n')
  expect(ics.match(/BEGIN:VEVENT/g)).toHaveLength(1)
  await one.post('/my/calendar')
  expect((await service.get(path ?? '')).status).toBe(404)
})

test('a newer version is offered with what changes, and moved to by choice', async () => {
  const plan = coursePlan(4)
  service.publish(plan)
  const one = await visitor()
  await one.post('/enrol/course-4')
  expect(await one.text('/my/courses/course-4')).not.toContain('newer version')
  const [module] = plan.modules
  if (!module) throw new Error('no plan')
  const third = { key: 'l3', slug: 'third', title: 'Third', minutes: 5, items: [] }
  const lessons = [...module.lessons.slice(0, 1), third]
  service.publish({ ...plan, revision: 2, modules: [{ ...module, lessons }] })
  // A teacher's look at the move makes the service know of it before a minute is over.
  await service.operator('POST', '/api/courses/4/move?preview=yes', {})
  const words = await one.text('/my/courses/course-4')
  expect(words).toMatch(/newer version.*New: Third No longer in it: Second About exam/)
  await one.post('/my/courses/course-4/revision')
  const moved = await one.text('/my/courses/course-4')
  expect(moved).toContain('Third')
  expect(moved).not.toMatch(/newer version|Second/)
})

test('questions that are drawn say how many there are, and no answer', async () => {
  const plan = coursePlan(3)
  const drawn = item('bank', [single('b1'), single('b2'), single('b3')], {})
  const [module] = plan.modules
  const lesson = module?.lessons[0]
  if (!module || !lesson || !drawn.quiz) throw new Error('no plan')
  const items = [{ ...drawn, quiz: { ...drawn.quiz, draw: 2 } }, item('long', [essay('e')], {})]
  const modules = [{ ...module, lessons: [{ ...lesson, items }] }]
  service.publish({ ...plan, modules })
  const one = await visitor()
  await one.post('/enrol/course-3')
  expect(await one.text('/my/courses/course-3/items/bank')).toContain(
    'Graded quiz of 2 questions, 2 points',
  )
  const { path } = await one.start('bank', 'course-3')
  expect((await one.html(path)).match(/<fieldset/g)).toHaveLength(2)
})
