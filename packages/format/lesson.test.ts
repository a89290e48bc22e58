import { describe, expect, test } from 'vitest'
import { folderOf, readPage } from './fixtures.ts'
import { readCourse } from './read.ts'

const episode = (front: string, body: string) =>
  folderOf({ 'episodes/01-a.md': front === '' ? body : `---\n${front}\n---\n${body}` })

async function lessonOf(front: string, body: string) {
  const { course, report } = await readCourse(episode(front, body))
  const lesson = course.modules[0]?.lessons[0]
  if (!lesson) throw new Error('no lesson')
  return { lesson, report }
}

const challenges =
  '::: challenge\n# One\n:::\n::: challenge\n# Two {#own}\n:::\n::: challenge\n# One\n:::\n'

describe('items', () => {
  test('one reading, one exercise per challenge; the minutes are shared out', async () => {
    const { lesson } = await lessonOf('title: A\nteaching: 10\nexercises: 5', challenges)
    expect(lesson.minutes).toBe(15)
    expect(lesson.items).toEqual([
      { key: 'reading', kind: 'reading', title: 'A', minutes: 10, anchor: '', graded: null },
      { key: 'one', kind: 'exercise', title: 'One', minutes: 2, anchor: 'one', graded: null },
      { key: 'own', kind: 'exercise', title: 'Two', minutes: 2, anchor: 'own', graded: null },
      { key: 'one-1', kind: 'exercise', title: 'One', minutes: 1, anchor: 'one-1', graded: null },
    ])
  })

  test('a heading elsewhere changes an anchor, never a key', async () => {
    const { lesson } = await lessonOf('title: A\nteaching: 1', `## One\n\n${challenges}`)
    expect(lesson.items.map(({ key }) => key)).toEqual(['reading', 'one', 'own', 'one-1'])
    expect(lesson.items[1]?.anchor).toBe('one-1')
    expect(lesson.html).toContain('id="one-1"')
  })

  test('a link to a film alone in its paragraph is a video', async () => {
    const { lesson, html } = await readPage(
      '[A talk](https://www.youtube.com/watch?v=abc)\n\nsee [it](https://youtu.be/abc)\n',
    )
    expect(lesson.items[1]).toEqual({
      key: 'video-a-talk',
      kind: 'video',
      title: 'A talk',
      minutes: 0,
      anchor: 'video-a-talk',
      graded: null,
    })
    expect(lesson.items).toHaveLength(2)
    expect(html).toContain('<p class="ln-video" id="video-a-talk">')
  })

  test('exercises’ minutes without a challenge go to the reading', async () => {
    const { lesson, report } = await lessonOf('title: A\nteaching: 10\nexercises: 5', 'text')
    expect(lesson.items).toMatchObject([{ kind: 'reading', minutes: 15 }])
    expect(report.some(({ why }) => why.includes('no challenge'))).toBe(true)
  })
})

describe('front matter', () => {
  test('without it the title is the first heading’s and the time is counted', async () => {
    const { lesson, report } = await lessonOf('', `# The *title*\n\n${'word '.repeat(400)}`)
    expect(lesson.title).toBe('The title')
    expect(lesson.minutes).toBe(3)
    expect(
      report.filter(({ file, outcome }) => file.endsWith('01-a.md') && outcome === 'approximated'),
    ).toHaveLength(3)
  })

  test('without any heading the title is the file’s', async () => {
    expect((await lessonOf('teaching: 1', 'text')).lesson.title).toBe('A')
  })

  test('that is no YAML is dropped with its line, the text stays', async () => {
    const { lesson, report } = await lessonOf('title: "a\nteaching: 1', 'text')
    expect(lesson.html).toBe('<p>text</p>')
    expect(
      report.some(({ outcome, why }) => outcome === 'dropped' && why.includes('not YAML')),
    ).toBe(true)
  })

  test('its id is the lesson’s identity, else its path is', async () => {
    expect((await lessonOf('title: A\nid: stays', 'x')).lesson.key).toBe('stays')
    expect((await lessonOf('title: A', 'x')).lesson.key).toBe('episodes/01-a.md')
  })

  test('minutes that are none, and keys that nothing knows, are told', async () => {
    const { report } = await lessonOf('title: A\nteaching: soon\nlayout: page', 'x')
    const told = report
      .filter(({ outcome }) => outcome === 'dropped')
      .map(({ line, element }) => `${line} ${element}`)
    expect(told).toEqual(['3 teaching', '4 front matter layout'])
  })

  test('lists of old lessons are read', async () => {
    const { lesson } = await lessonOf(
      'title: A\nquestions:\n- "Why `x`?"\nkeypoints:\n- So.',
      'text',
    )
    expect(lesson.questions).toEqual(['Why <code>x</code>?'])
    expect(lesson.keypoints).toEqual(['So.'])
    expect(lesson.html).toBe('<p>text</p>')
  })
})

describe('text', () => {
  test('the opening is the first paragraph, without what only works in its page', async () => {
    const { lesson } = await readPage(
      '::: objectives\n- x\n:::\n## H\n\nFirst *one* [a](#h)[^1].\n\nSecond.\n\n[^1]: n\n',
    )
    expect(lesson.openingHtml).toBe('<p>First <em>one</em> a.</p>')
  })

  test('is what a reader would read, without tags and entities', async () => {
    const { lesson } = await readPage('## A & B\n\n- x < y\n\n```sql\nSELECT 1;\n```\n')
    expect(lesson.text).toBe('A & B\nx < y\nSQL\nSELECT 1;')
  })
})
