import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What tests change of it. */
export type Small = { slug?: string; title?: string; lessons?: Record<string, string> }

/** Writes a course that has every section of a course page and no pictures, which take their time to import. */
export function writeSmallCourse(folder: string, { slug, title, lessons }: Small = {}): string {
  const texts = lessons ?? { first: 'What stands first.', second: 'What stands second.' }
  const files: Record<string, string> = {
    'config.yaml': `title: ${title ?? 'A Small Course'}
lang: en
license: CC-BY 4.0
episodes:
${Object.keys(texts)
  .map((name) => `  - ${name}.md`)
  .join('\n')}
`,
    'index.md': 'A course that is **small**, so that a test need not wait for it.\n',
    'colonnade/course.yaml': `id: small
slug: ${slug ?? 'a-small-course'}
subtitle: Every section, and nothing more
subject: computing
level: beginner
skills: [Waiting, Seeing]
outcomes: [Explain what stands when something else falls]
`,
    'colonnade/people.yaml': `- key: ada
  firstName: Ada
  lastName: Exemplar
  role: primary
  organisation: small-school
  biography: Teaches small courses.
  example: true
`,
    'colonnade/organisations.yaml': `- key: small-school
  name: The Small School
  example: true
`,
    'colonnade/testimonials.yaml': `- author: Sam
  text: It was small.
  example: true
`,
    'colonnade/reviews.yaml': `- author: Kim
  stars: 4
  text: Small, and whole.
  date: 2026-05-01
  example: true
`,
  }
  for (const [name, text] of Object.entries(texts)) {
    files[`episodes/${name}.md`] =
      `---\ntitle: The ${name} lesson\nteaching: 10\nexercises: 5\n---\n\n${text}\n`
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}
