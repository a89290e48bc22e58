import { z } from 'zod'
import type { Report } from './report.ts'
import { readYamlFile } from './yaml.ts'

const text = z
  .union([z.string(), z.number(), z.boolean(), z.date()])
  .nullish()
  .transform((value) => (value === null || value === undefined ? '' : String(value).trim()))
const files = z.union([z.string(), z.array(z.union([z.string(), z.null()]))]).nullish()

const config = z.looseObject({
  title: text,
  lang: text,
  license: text,
  keywords: z.union([z.string(), z.array(z.union([z.string(), z.number()]))]).nullish(),
  source: text,
  url: text,
  carpentry: text,
  episodes: files,
  learners: files,
})

/** What the reader takes from `config.yaml`. */
export type Config = {
  title: string
  lang: string
  licence: string
  keywords: string[]
  source: string
  url: string
  carpentry: string
  episodes: string[]
  learners: string[]
  lineOf(path: readonly PropertyKey[]): number
}

const taken = [
  'title',
  'lang',
  'license',
  'keywords',
  'source',
  'url',
  'episodes',
  'learners',
  'carpentry',
]
const set = new Map([
  ['created', 'the course has its own history here'],
  [
    'contact',
    'a course has no contact address here; its people and organisations are its contacts',
  ],
  ['life_cycle', 'there is no place for the stage of a course'],
  ['branch', 'it speaks about the repository, not the course'],
  ['analytics', 'pages load nothing from elsewhere'],
  ['instructors', 'pages for instructors are not shown'],
  ['profiles', 'learner profiles are not shown'],
  ['sandpaper', 'it names a tool’s version'],
  ['varnish', 'it names a tool’s version'],
  ['pegboard', 'it names a tool’s version'],
  ['workbench-beta', 'it names a tool’s version'],
])

/** Reads `config.yaml`; every key is reported. */
export function readConfig(source: string, file: string, report: Report): Config {
  const { value, raw, lineOf } = readYamlFile(source, file, config)
  const entries = typeof raw === 'object' && raw !== null ? Object.entries(raw) : []
  for (const [key, one] of entries) {
    const line = lineOf([key])
    if (taken.includes(key)) report.exact(file, line, 'setting')
    else if (one === null || one === '') report.exact(file, line, 'empty setting')
    else report.dropped(file, line, `setting ${key}`, set.get(key) ?? 'no such setting is known')
  }
  const words =
    typeof value.keywords === 'string' ? value.keywords.split(',') : (value.keywords ?? [])
  return {
    title: value.title,
    lang: value.lang,
    licence: value.license,
    keywords: [...new Set(words.map((word) => String(word).trim()).filter(Boolean))],
    source: value.source,
    url: value.url,
    carpentry: value.carpentry,
    episodes: listOf(value.episodes),
    learners: listOf(value.learners),
    lineOf,
  }
}

const listOf = (value: z.infer<typeof files>): string[] =>
  (typeof value === 'string' ? [value] : (value ?? [])).flatMap((name) =>
    name ? [name.trim()] : [],
  )
