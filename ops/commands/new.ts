import { relative } from 'node:path'
import { parseArgs } from 'node:util'
import { SettingsError } from '../settings.ts'
import { type CourseLanguage, courseLanguages, makeCourse } from '../templates/course.ts'
import { makeService } from '../templates/service.ts'
import { say } from '../terminal.ts'

const usage =
  'Say what to begin: colonnade new course my-course [--lang es], or colonnade new service notices'

/** Begins a course folder or a service: something that works, to be written over. */
export async function makeNew(args: string[]): Promise<void> {
  const { values, positionals } = parse(args)
  const [kind, name, ...rest] = positionals
  if (!name || rest.length > 0) throw new SettingsError(usage)
  if (kind === 'course') {
    const files = await makeCourse(name, languageOf(values.lang))
    for (const file of files) say(`  ${name}/${file}`)
    say(`See it while you write: npx colonnade preview ${relative('.', name) || name}`)
  } else if (kind === 'service') {
    const files = await makeService(name)
    for (const file of files) say(`  services/${name}/${file}`)
    say(
      `It is part of the installation from the next start on. Try its test: npx vitest run services/${name}`,
    )
    say('docs/write-a-service.md goes through it file by file.')
  } else throw new SettingsError(usage)
}

function languageOf(given: string | undefined): CourseLanguage {
  const found = courseLanguages.find((language) => language === (given ?? 'en'))
  if (found) return found
  throw new SettingsError(
    `There is a template in ${courseLanguages.join(' and ')}. Take one and change lang: in its config.yaml.`,
  )
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: { lang: { type: 'string' } }, allowPositionals: true })
  } catch (error) {
    throw new SettingsError(error instanceof Error ? error.message : String(error))
  }
}
