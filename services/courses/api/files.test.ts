import { beforeAll, describe, expect, test } from 'vitest'
import { folder, openCourses } from '../fixture/service.ts'

const film = Array.from({ length: 3000 }, (_, at) => String.fromCharCode(97 + (at % 26))).join('')
const path = '/learn/measuring-bread/files/episodes/video/dough.mp4'

let service: Awaited<ReturnType<typeof openCourses>>
let bread: number
beforeAll(async () => {
  service = await openCourses()
  const answer = await service.importFolder(
    folder({
      'episodes/02-water.md':
        '---\ntitle: Water\nteaching: 3\nexercises: 0\n---\n\n[Dough](video/dough.mp4)\n',
      'episodes/video/dough.mp4': film,
      'episodes/video/dough.vtt': 'WEBVTT\n\n00:00.000 --> 00:02.000\nFlour and water\n',
    }),
  )
  bread = (await answer.json()).course.id
})

const ask = async (headers: Record<string, string>) => {
  const answer = await service.fetch(path, { headers })
  return { answer, text: await answer.text(), range: answer.headers.get('content-range') }
}

describe('a file of a course', () => {
  test('comes whole, and says that parts may be asked for', async () => {
    const { answer, text } = await ask({})
    expect(answer.status).toBe(200)
    expect(text).toBe(film)
    expect(answer.headers.get('accept-ranges')).toBe('bytes')
    expect(answer.headers.get('content-length')).toBe('3000')
    expect(answer.headers.get('content-type')).toBe('video/mp4')
  })

  test.each([
    ['bytes=0-9', film.slice(0, 10), 'bytes 0-9/3000'],
    ['bytes=2990-', film.slice(2990), 'bytes 2990-2999/3000'],
    ['bytes=-5', film.slice(-5), 'bytes 2995-2999/3000'],
    ['bytes=10-90000', film.slice(10), 'bytes 10-2999/3000'],
    ['bytes=-90000', film, 'bytes 0-2999/3000'],
  ])('in the part %s', async (asked, part, range) => {
    const got = await ask({ range: asked })
    expect([got.answer.status, got.text, got.range]).toEqual([206, part, range])
  })

  test.each(['bytes=3000-', 'bytes=-0'])('beyond its end (%s) there is nothing', async (asked) => {
    const { answer, text, range } = await ask({ range: asked })
    expect([answer.status, text, range]).toEqual([416, '', 'bytes */3000'])
  })

  test.each(['bytes=9-2', 'bytes=0-1,4-5', 'lines=0-1', 'bytes=-'])(
    'what is no single range (%s) is not followed',
    async (asked) => expect((await ask({ range: asked })).answer.status).toBe(200),
  )

  test('a part of what has changed meanwhile is the whole', async () => {
    const etag = (await ask({})).answer.headers.get('etag') ?? ''
    expect((await ask({ range: 'bytes=0-9', 'if-range': etag })).answer.status).toBe(206)
    expect((await ask({ range: 'bytes=0-9', 'if-range': '"older"' })).answer.status).toBe(200)
  })

  test('a film is played on its lesson’s page, with words for its tools', async () => {
    const page = await (
      await service.fetch(`/fragments/courses/lesson?course=${bread}&lesson=water&lang=es`)
    ).text()
    expect(page).toContain('data-speed="Velocidad"')
    expect(page).toContain(`<source src="${path}" type="video/mp4">`)
    expect(page).toContain(`<track kind="captions" src="${path.replace('mp4', 'vtt')}"`)
    expect(page).toContain('Flour and water')
  })
})
