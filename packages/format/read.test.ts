import { describe, expect, test } from 'vitest'
import { CourseError } from './errors.ts'
import { folderOf } from './fixtures.ts'
import { readCourse } from './read.ts'

const page = (title: string, body = 'Text.') => `---\ntitle: ${title}\nteaching: 5\n---\n${body}\n`
const five = Object.fromEntries(
  ['1-a', '2-b', '3-c', '4-d', '5-e'].map((name) => [`episodes/${name}.md`, page(name)]),
)

async function failure(files: Record<string, string>): Promise<CourseError> {
  const error = await readCourse(folderOf(files)).catch((caught: unknown) => caught)
  if (error instanceof CourseError) return error
  throw new Error(`no CourseError but ${String(error)}`)
}

describe('a folder that is no course', () => {
  test('without config.yaml', async () => {
    const error = await readCourse(new Map()).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ file: 'config.yaml', problem: 'The folder has no config.yaml.' })
  })
  test('without episodes', async () => {
    expect(await failure({})).toMatchObject({
      file: 'config.yaml',
      problem: 'There is no episode.',
    })
  })
  test('a listed file that is missing is named with its line', async () => {
    const error = await failure({
      'config.yaml': 'title: T\nepisodes:\n- 01-a.md\n- 02-b.md\n',
      'episodes/01-a.md': 'x',
    })
    expect(error).toMatchObject({ file: 'config.yaml', line: 4 })
    expect(error.message).toContain('episodes/02-b.md is listed but not in the folder.')
    expect(error.mend).not.toBe('')
  })
  test('broken YAML is named with its line', async () => {
    expect(await failure({ 'config.yaml': 'title: T\nlang: [\n' })).toMatchObject({
      file: 'config.yaml',
      line: 3,
    })
  })
  test('a title that is a list', async () => {
    expect(await failure({ 'config.yaml': 'lang: en\ntitle: [1]\n' })).toMatchObject({ line: 2 })
  })
  test('no title anywhere', async () => {
    expect((await failure({ 'config.yaml': 'lang: en\n', ...five })).problem).toBe(
      'The course has no title.',
    )
  })
  test('aliases that multiply', async () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'
        .split('')
        .map((name, at) => `${name}: &${name} [${`*${'abcdefgh'[at]},`.repeat(9)}]`),
    ]
    expect(
      await failure({ 'config.yaml': `title: T\n${bomb.join('\n')}\n`, ...five }),
    ).toBeInstanceOf(CourseError)
  })
  test('paths that lead out', async () => {
    const error = await readCourse(new Map([['../x', new Uint8Array()]])).catch(
      (caught: unknown) => caught,
    )
    expect(error).toBeInstanceOf(CourseError)
  })
})

describe('modules', () => {
  test('are made of about four lessons where none are given', async () => {
    const { course, report } = await readCourse(folderOf(five))
    expect(
      course.modules.map(({ key, title, lessons }) => [
        key,
        title,
        lessons.map(({ slug }) => slug),
      ]),
    ).toEqual([
      ['part-1', 'Part 1', ['a', 'b', 'c']],
      ['part-2', 'Part 2', ['d', 'e']],
    ])
    expect(report).toContainEqual(
      expect.objectContaining({ element: 'modules', outcome: 'approximated' }),
    )
  })

  const given = (modules: string) => ({
    ...five,
    'colonnade/course.yaml': `slug: own\nmodules:\n${modules}`,
  })

  test('are taken from course.yaml; lessons it leaves out come last', async () => {
    const { course } = await readCourse(
      folderOf(given('- key: m\n  title: M\n  lessons: [5-e.md, episodes/1-a.md]\n')),
    )
    expect(course.slug).toBe('own')
    expect(
      course.modules.map(({ key, lessons }) => [key, lessons.map(({ slug }) => slug)]),
    ).toEqual([
      ['m', ['e', 'a']],
      ['rest', ['b', 'c', 'd']],
    ])
  })

  test.each([
    ['- key: m\n  title: M\n  lessons: [9-z.md]\n', 5, '9-z.md is no episode'],
    ['- key: m\n  title: M\n  lessons: [1-a.md, 1-a.md]\n', 5, 'in a module already'],
    ['- key: learners\n  title: M\n  lessons: [1-a.md]\n', 3, 'is taken'],
    ['- key: m\n  lessons: [1-a.md]\n', 3, 'modules.0.title'],
  ])('%j is refused', async (modules, line, words) => {
    const error = await failure(given(modules))
    expect(error).toMatchObject({ file: 'colonnade/course.yaml', line })
    expect(error.message).toContain(words)
  })

  test('learners’ pages are the last one, setup first', async () => {
    const { course } = await readCourse(
      folderOf({
        ...five,
        'learners/reference.md': page('R'),
        'learners/setup.md': page('S'),
        'learners/empty.md': '---\ntitle: E\n---\n',
      }),
    )
    const last = course.modules.at(-1)
    expect(last).toMatchObject({ key: 'learners', title: 'Preparation and reference' })
    expect(last?.lessons.map(({ slug }) => slug)).toEqual(['setup', 'reference'])
  })

  test('slugs are unique across folders', async () => {
    const { course } = await readCourse(
      folderOf({
        'episodes/01-setup.md': page('A'),
        'episodes/02-setup.md': page('B'),
        'learners/setup.md': page('C'),
      }),
    )
    expect(course.modules.flatMap(({ lessons }) => lessons.map(({ slug }) => slug))).toEqual([
      'setup',
      'setup-1',
      'setup-2',
    ])
  })
})

describe('a course', () => {
  test('says what it is about, in its language and direction', async () => {
    const { course } = await readCourse(
      folderOf({
        ...five,
        'config.yaml':
          "title: 'דוגמה'\nlang: he_IL\nkeywords: 'one, two, one'\nlicense: CC-BY 4.0\nsource: 'https://a.example'\n",
        'index.md':
          '---\ntitle: other\n---\nAbout [a](episodes/1-a.md).\n\n## Why {#why}\n\n[see](#why)\n\n::: prereq\n## Before\nx\n:::\n',
        AUTHORS: 'Ada Example\nBo Example\n',
        CITATION: 'Please cite\nthis.',
      }),
    )
    expect(course).toMatchObject({
      title: 'דוגמה',
      slug: 'course',
      language: 'he-IL',
      direction: 'rtl',
      keywords: ['one', 'two'],
      licence: 'CC-BY 4.0',
      source: 'https://a.example',
      attribution: 'Ada Example, Bo Example\nPlease cite this.',
      sample: false,
    })
    expect(course.descriptionHtml).toContain('<p>About <a href="lesson:a">a</a>.</p>')
    expect(course.descriptionHtml).toContain('<h3 id="about-why">Why</h3>')
    expect(course.descriptionHtml).toContain('href="#about-why"')
    expect(course.descriptionHtml).toContain('ln-callout--prereq')
    expect(course.descriptionText).toContain('About a.')
  })

  test('people, organisations, testimonials and reviews come from colonnade/', async () => {
    const { course, report } = await readCourse(
      folderOf({
        ...five,
        'colonnade/people.yaml':
          '- key: ada\n  firstName: Ada\n  lastName: Example\n  role: primary\n  photo: colonnade/ada.png\n  example: true\n  shoe: 44\n',
        'colonnade/organisations.yaml': "- key: o\n  name: O\n  url: 'https://o.example'\n",
        'colonnade/testimonials.yaml': '- author: B\n  text: Good.\n',
        'colonnade/reviews.yaml': '- author: C\n  stars: 4\n  text: Fine.\n  date: 2026-05-01\n',
        'colonnade/ada.png': 'x',
      }),
    )
    expect(course.people).toMatchObject([
      { firstName: 'Ada', middleName: '', role: 'primary', example: true },
    ])
    expect(course.organisations).toMatchObject([
      { name: 'O', url: 'https://o.example', logo: null },
    ])
    expect(course.testimonials).toMatchObject([{ author: 'B', example: false }])
    expect(course.reviews).toEqual([
      { author: 'C', stars: 4, text: 'Fine.', date: '2026-05-01', example: false },
    ])
    expect(course.images).toEqual(['colonnade/ada.png'])
    expect(report).toContainEqual(
      expect.objectContaining({ element: 'key shoe', outcome: 'dropped', line: 7 }),
    )
  })

  test.each([
    ['reviews', '- author: C\n  stars: 6\n  date: 2026-05-01\n', 2],
    ['reviews', '- author: C\n  stars: 5\n  date: yesterday\n', 3],
    ['organisations', "- key: o\n  name: O\n  url: 'javascript:x'\n", 3],
    ['people', '- key: a\n  firstName: A\n  lastName: B\n  photo: gone.png\n', 1],
    ['course', 'slug: Not A Slug\n', 1],
  ])('colonnade/%s.yaml is checked, with the line: %j', async (name, text, line) => {
    expect(await failure({ ...five, [`colonnade/${name}.yaml`]: text })).toMatchObject({
      file: `colonnade/${name}.yaml`,
      line,
    })
  })

  test('every file has a line in the report', async () => {
    const files = folderOf({
      ...five,
      'README.md': 'x',
      'instructors/notes.md': 'x',
      'profiles/p.md': 'x',
      'episodes/fig/a.odg': 'x',
      'renv/a': 'x',
      'renv/b': 'x',
      '.github/x.yml': 'x',
      'episodes/extra.txt': 'x',
    })
    const { report } = await readCourse(files)
    const named = report.map(({ file }) => file)
    for (const path of files.keys()) {
      expect(
        named.some((name) => name === path || (name.endsWith('/') && path.startsWith(name))),
        path,
      ).toBe(true)
    }
    expect(report.filter(({ file }) => file === 'renv/')).toMatchObject([
      { count: 2, outcome: 'dropped' },
    ])
    for (const line of report) {
      if (line.outcome !== 'exact') expect(line.why).not.toBe('')
    }
  })

  test('every setting has a line in the report', async () => {
    const { report } = await readCourse(
      folderOf({
        ...five,
        'config.yaml': 'title: T\nlang: en\nlife_cycle: beta\nfoo: 1\nprofiles:\n',
      }),
    )
    const dropped = report.filter(
      ({ file, outcome }) => file === 'config.yaml' && outcome === 'dropped',
    )
    expect(dropped.map(({ line, element }) => `${line} ${element}`)).toEqual([
      '3 setting life_cycle',
      '4 setting foo',
    ])
  })

  test('the folders of old lessons are read as far as they go', async () => {
    const { course } = await readCourse(
      new Map(
        [
          ['_config.yml', 'title: Old\n'],
          ['_episodes/01-a.md', page('A', '![x](../fig/a.png)')],
          ['fig/a.png', 'x'],
          ['setup.md', page('S')],
        ].map(([path = '', text = '']) => [path, new TextEncoder().encode(text)]),
      ),
    )
    expect(course.modules.flatMap(({ lessons }) => lessons.map(({ slug }) => slug))).toEqual([
      'a',
      'setup',
    ])
    expect(course.images).toEqual(['fig/a.png'])
  })

  test('the same files give the same course', async () => {
    const [one, two] = await Promise.all([readCourse(folderOf(five)), readCourse(folderOf(five))])
    expect(two).toEqual(one)
  })
})
