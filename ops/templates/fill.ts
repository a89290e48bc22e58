import { existsSync, readdirSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { root } from '../root.ts'
import { SettingsError } from '../settings.ts'

const templates = join(root, 'ops/templates')

/**
 * Writes a template's files to a folder, `{{name}}` in them filled in and `.txt` taken off their names.
 * @returns their paths
 * @throws SettingsError when something is in the folder already
 */
export async function fillTemplate(
  template: string,
  folder: string,
  values: Readonly<Record<string, string>>,
): Promise<string[]> {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new SettingsError(`${folder} is there already and is not overwritten. Name another one.`)
  }
  const from = join(templates, template)
  const written: string[] = []
  for (const path of (await readdir(from, { recursive: true })).sort()) {
    const text = await readFile(join(from, path), 'utf8').catch(() => undefined)
    if (text === undefined) continue
    const name = filled(path.replace(/\.txt$/, ''), values)
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), filled(text, values))
    written.push(name)
  }
  return written
}

const filled = (text: string, values: Readonly<Record<string, string>>) =>
  text.replace(/\{\{(\w+)\}\}/g, (all, name: string) => values[name] ?? all)
