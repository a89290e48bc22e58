import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { subjects } from './subjects.ts'

const root = import.meta.dirname
const read = (folder: string) =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => ({ name, text: readFileSync(join(root, folder, name), 'utf8') }))

const sources = [...read('.'), ...read('components'), ...read('kit')].filter(
  ({ name }) => /\.tsx?$/.test(name) && !name.includes('.test.'),
)
const styles = read('elements').filter(({ name }) => name.endsWith('.css'))
const modules = styles.filter(({ name }) => name.endsWith('.module.css'))

// Names that are put together (`css[…]`).
const composed = new RegExp(`^((is-|grow-|per|fill-).+|main|plain|quiet|${subjects.join('|')})$`)

test.each(modules)('$name has every class that is used, and no other', ({ name, text }) => {
  const defined = new Set([...text.matchAll(/\.([a-z][\w-]*)/gi)].map(([, found]) => found ?? ''))
  const users = sources.filter((source) => source.text.includes(`elements/${name}'`))
  const used = new Set(
    users.flatMap((source) => [...source.text.matchAll(/\bcss\.(\w+)/g)].map(([, at]) => at ?? '')),
  )
  for (const each of used) expect(defined, `.${each} is used`).toContain(each)
  for (const each of defined) {
    if (used.has(each) || composed.test(each)) continue
    expect.unreachable(`.${each} of ${name} is used nowhere`)
  }
})

// A page must be right in every direction of writing, and its hues are kept in one file.
test.each(styles)('$name has logical properties and no colours of its own', ({ name, text }) => {
  const physical =
    /[\s;{](?:(?:margin|padding|border|inset)-(?:left|right|top|bottom)|left|right|top|bottom|width|height|(?:min|max)-(?:width|height))\s*:/g
  const rules = text.replace(/@(?:media|container)[^{]*/g, '').replace(/\/\*[\s\S]*?\*\//g, '')
  expect(rules.match(physical) ?? []).toEqual([])
  if (name !== 'tokens.css') expect(rules.match(/#[0-9a-f]{3,8}\b|rgba?\(/gi) ?? []).toEqual([])
  expect(rules).not.toMatch(/gradient\(|box-shadow|text-shadow/)
})
