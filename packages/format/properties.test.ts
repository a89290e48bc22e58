import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CourseError } from './errors.ts'
import { folderOf, readPage } from './fixtures.ts'
import { readZip, writeZip } from './folder/zip.ts'
import { executableIn } from './hostile.ts'
import { readCourse } from './read.ts'
import type { CourseSource } from './source.ts'

const htmlOf = (course: CourseSource): string[] => [
  course.descriptionHtml,
  ...course.modules.flatMap(({ lessons }) =>
    lessons.flatMap((lesson) => [
      lesson.html,
      lesson.openingHtml,
      ...lesson.questions,
      ...lesson.objectives,
      ...lesson.keypoints,
    ]),
  ),
]

/** Reads or refuses; anything else fails the property. */
async function readOrRefuse(files: Map<string, Uint8Array>): Promise<CourseSource | null> {
  try {
    return (await readCourse(files)).course
  } catch (error) {
    if (error instanceof CourseError) return null
    throw error
  }
}

const piece = fc.constantFrom(
  ...[
    '::: challenge',
    '::: solution\n',
    ':::',
    '::::: {.callout #a}',
    '\n',
    '\n\n',
    '  ',
    '    ',
    '- ',
    '1. ',
    '> ',
  ],
  ...[
    '## H {#h}',
    '```',
    '```r',
    '~~~',
    '$',
    '$$',
    '\\\\(',
    '\\\\)',
    '{: .challenge}',
    '{.x}',
    "{alt='a'}",
    '{',
    '}',
  ],
  ...[
    '+--+--+',
    '|',
    '| a | b |',
    '|---|---|',
    ': x',
    '[a]',
    '(b)',
    '![',
    '](fig/a.png)',
    '[^1]',
    '[^1]: ',
    '*',
    '_',
    '`',
  ],
  ...[
    '<div>',
    '</div>',
    '<script>',
    '</script>',
    '<img src=x onerror=y>',
    '<!--',
    '-->',
    '<a href="javascript:x">',
    '<b',
    '"',
    "'",
  ],
  ...[
    '{{ page.root }}',
    '{% link a %}',
    '---',
    '===',
    '\t',
    '\u0000',
    '\ud800',
    'é',
    '😀',
    'word',
    'https://a.example',
    'x@y.example',
  ],
)
const markdown = fc.oneof(
  fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
  fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('\n')),
  fc.string({ unit: 'binary', maxLength: 200 }),
)

test('any Markdown makes a page in which nothing runs', async () => {
  await fc.assert(
    fc.asyncProperty(markdown, async (body) => {
      const { course } = await readPage(`${body}\n\nend\n`, {
        'index.md': body,
        'learners/a.md': body,
      })
      for (const html of htmlOf(course)) expect(executableIn(html)).toEqual([])
      expect(JSON.stringify(course)).not.toMatch(/\\u0000|\\ud[89a-f]/)
    }),
    { numRuns: 400 },
  )
})

test('any bytes in any file are read or refused', async () => {
  const bytes = fc.uint8Array({ maxLength: 200 })
  await fc.assert(
    fc.asyncProperty(bytes, bytes, bytes, async (page, config, extra) => {
      await readOrRefuse(new Map([['config.yaml', config]]))
      await readOrRefuse(folderOf({ 'episodes/a.md': page, 'index.md': extra, AUTHORS: extra }))
      await readOrRefuse(folderOf({ 'episodes/a.md': 'x', 'colonnade/course.yaml': config }))
    }),
    { numRuns: 150 },
  )
})

test('any YAML in any place is read or refused', async () => {
  const value = fc.jsonValue({ maxDepth: 3 }).map((one) => JSON.stringify(one))
  const key = fc.constantFrom(
    'title',
    'lang',
    'episodes',
    'keywords',
    'modules',
    'url',
    'slug',
    'image',
    'teaching',
    'id',
    'questions',
    '__proto__',
    'constructor',
  )
  const yaml = fc.oneof(
    value,
    fc
      .array(fc.tuple(key, value), { maxLength: 5 })
      .map((pairs) => pairs.map(([name, one]) => `${name}: ${one}`).join('\n')),
    fc
      .array(
        fc.constantFrom(
          'a:',
          ' b',
          '\n',
          '- ',
          '&a',
          '*a',
          '[',
          '{',
          '!!js',
          '|',
          '"',
          '? ',
          '<<: ',
        ),
        { maxLength: 20 },
      )
      .map((parts) => parts.join('')),
  )
  const names = fc.constantFrom('course', 'people', 'organisations', 'testimonials', 'reviews')
  await fc.assert(
    fc.asyncProperty(yaml, names, async (text, name) => {
      await readOrRefuse(folderOf({ 'config.yaml': text, 'episodes/a.md': 'x' }))
      await readOrRefuse(folderOf({ 'episodes/a.md': 'x', [`colonnade/${name}.yaml`]: text }))
      await readOrRefuse(folderOf({ 'episodes/a.md': `---\n${text}\n---\nx` }))
    }),
    { numRuns: 200 },
  )
})

test('any paths are read or refused', async () => {
  const path = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc
      .array(fc.constantFrom('..', '.', '/', '\\', 'a', 'episodes', '.md', 'C:', '\0', ' '), {
        maxLength: 8,
      })
      .map((parts) => parts.join('')),
  )
  await fc.assert(
    fc.asyncProperty(path, async (one) => {
      await readOrRefuse(folderOf({ 'episodes/a.md': `[x](${one}) ![](${one})`, [one]: 'x' }))
    }),
    { numRuns: 200 },
  )
})

test('what is packed is unpacked', async () => {
  const path = fc
    .stringMatching(/^[a-zé]{1,5}(\/[a-z]{1,5}){0,2}\.md$/)
    .map((one) => one.normalize('NFC'))
  const files = fc.dictionary(path, fc.uint8Array({ maxLength: 50 }), { minKeys: 1, maxKeys: 6 })
  await fc.assert(
    fc.asyncProperty(files, async (given) => {
      const all = new Map([['config.yaml', new Uint8Array([1])], ...Object.entries(given)])
      expect(new Map([...(await readZip(await writeZip(all)))].sort())).toEqual(
        new Map([...all].sort()),
      )
    }),
    { numRuns: 50 },
  )
})

test('any bytes are an archive or are refused', async () => {
  const zip = await writeZip(folderOf({ 'a/b.md': 'text', 'c.md': 'x'.repeat(500) }))
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(zip.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      async (edits) => {
        const broken = zip.slice()
        for (const [at, value] of edits) broken[at] = value
        await readZip(broken).catch((error: unknown) => expect(error).toBeInstanceOf(CourseError))
      },
    ),
    { numRuns: 200 },
  )
})

test.each([
  ['quotations', '> '.repeat(5000)],
  ['lists', Array.from({ length: 300 }, (_, at) => `${' '.repeat(at * 2)}- x`).join('\n')],
  ['divs', '::: callout\n'.repeat(3000)],
  ['brackets', '['.repeat(5000)],
  ['tags', '<div>'.repeat(5000)],
  ['braces', `${'{'.repeat(3000)}${'}'.repeat(3000)}`],
  ['dollars', '$a'.repeat(5000)],
  ['emphasis', '*a **b '.repeat(2000)],
])('deep or long %s are read or refused', async (_, body) => {
  await readOrRefuse(folderOf({ 'episodes/a.md': body }))
})
