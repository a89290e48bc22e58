import type { z } from 'zod'
import { extensionFiles } from './extensions.ts'
import type { Files } from './files.ts'
import type { Report } from './report.ts'
import { readYamlFile } from './yaml.ts'

type Name = keyof typeof extensionFiles
type Content = { [K in Name]: z.output<(typeof extensionFiles)[K]> }

/** What the files of `colonnade/` say, and where in two of them. */
export type Extensions = {
  course: Content['course'] | null
  people: Content['people']
  organisations: Content['organisations']
  testimonials: Content['testimonials']
  reviews: Content['reviews']
  grading: Content['grading'] | null
  /** Lines of `course.yaml`. */
  lineOf(path: readonly PropertyKey[]): number
  /** Lines of `grading.yaml`. */
  gradingLineOf(path: readonly PropertyKey[]): number
}

/** Reads `colonnade/*.yaml`; keys no schema knows are dropped and reported. */
export function readExtensions(files: Files, report: Report): Extensions {
  const course = read(files, 'course', extensionFiles.course, report)
  const grading = read(files, 'grading', extensionFiles.grading, report)
  return {
    course: course?.value ?? null,
    people: read(files, 'people', extensionFiles.people, report)?.value ?? [],
    organisations: read(files, 'organisations', extensionFiles.organisations, report)?.value ?? [],
    testimonials: read(files, 'testimonials', extensionFiles.testimonials, report)?.value ?? [],
    reviews: read(files, 'reviews', extensionFiles.reviews, report)?.value ?? [],
    grading: grading?.value ?? null,
    lineOf: course?.lineOf ?? (() => 1),
    gradingLineOf: grading?.lineOf ?? (() => 1),
  }
}

function read<T>(files: Files, name: Name, schema: z.ZodType<T>, report: Report) {
  const path = files.firstOf([`colonnade/${name}.yaml`, `colonnade/${name}.yml`])
  if (!path) return null
  try {
    const found = readYamlFile(files.text(path), path, schema)
    reportKeys(found.raw, found.value, [], path, found.lineOf, report)
    return found
  } catch (error) {
    report.refuse(error)
    return null
  }
}

/** A key that the checked value no longer has was not known. */
function reportKeys(
  raw: unknown,
  value: unknown,
  at: PropertyKey[],
  file: string,
  lineOf: Extensions['lineOf'],
  report: Report,
): void {
  if (Array.isArray(raw) && Array.isArray(value)) {
    for (const [index, one] of raw.entries()) {
      reportKeys(one, value[index], [...at, index], file, lineOf, report)
    }
    return
  }
  if (!isRecord(raw) || !isRecord(value)) return
  for (const [key, one] of Object.entries(raw)) {
    const path = [...at, key]
    if (!Object.hasOwn(value, key)) {
      report.dropped(file, lineOf(path), `key ${key}`, 'no such key is known')
      continue
    }
    report.exact(file, lineOf(path), 'key')
    reportKeys(one, value[key], path, file, lineOf, report)
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
