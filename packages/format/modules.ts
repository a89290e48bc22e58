import { CourseError } from './errors.ts'
import type { Report } from './report.ts'
import type { LessonSource, ModuleSource } from './source.ts'
import type { Words } from './words.ts'

/** A module as `colonnade/course.yaml` gives it. */
export type GivenModule = { key: string; title: string; summary: string; lessons: string[] }

const perModule = 4
const courseYaml = 'colonnade/course.yaml'

/** Puts lessons into the modules an author gave, or into parts of about four lessons. */
export function arrange(
  lessons: LessonSource[],
  given: GivenModule[] | null,
  lineOf: (path: PropertyKey[]) => number,
  words: Words,
  configFile: string,
  report: Report,
): ModuleSource[] {
  if (!given) {
    report.approximated(configFile, 1, 'modules', `none are given; ${perModule} lessons make one`)
    return parts(lessons, words)
  }
  const left = new Map(lessons.map((lesson) => [lesson.path, lesson]))
  const keys = new Set(['learners'])
  const modules = given.map((module, at): ModuleSource => {
    if (keys.has(module.key)) {
      throw new CourseError(
        { file: courseYaml, line: lineOf(['modules', at, 'key']) },
        `The module key “${module.key}” is taken.`,
        'Give each module a key of its own; “learners” is the last module’s.',
      )
    }
    keys.add(module.key)
    const own = module.lessons.map((name, place) => {
      const path = [name, `episodes/${name}`, `_episodes/${name}`].find((one) => left.has(one))
      const lesson = path === undefined ? undefined : left.get(path)
      if (!path || !lesson) {
        throw new CourseError(
          { file: courseYaml, line: lineOf(['modules', at, 'lessons', place]) },
          `${name} is no episode of the course, or is in a module already.`,
          'Name each file under episodes/ once.',
        )
      }
      left.delete(path)
      return lesson
    })
    report.exact(courseYaml, lineOf(['modules', at]), 'module')
    return { key: module.key, title: module.title, summary: module.summary, lessons: own }
  })
  const rest = [...left.values()]
  if (rest.length > 0) {
    const names = rest.map(({ path }) => path).join(', ')
    report.approximated(
      courseYaml,
      lineOf(['modules']),
      'modules',
      `in no module, so in a last one: ${names}`,
    )
    const title = `${words.part} ${modules.length + 1}`
    modules.push({ key: keys.has('rest') ? 'rest-1' : 'rest', title, summary: '', lessons: rest })
  }
  return modules
}

/** Parts of nearly the same size, called by their number and summed up by their lessons' titles. */
function parts(lessons: LessonSource[], words: Words): ModuleSource[] {
  const count = Math.ceil(lessons.length / perModule)
  const modules: ModuleSource[] = []
  let at = 0
  for (let number = 1; number <= count; number++) {
    const size = Math.ceil((lessons.length - at) / (count - number + 1))
    const own = lessons.slice(at, at + size)
    at += size
    modules.push({
      key: `part-${number}`,
      title: `${words.part} ${number}`,
      summary: own.map(({ title }) => title).join(' · '),
      lessons: own,
    })
  }
  return modules
}
