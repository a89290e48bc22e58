import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'

type Values = Record<string, string | undefined>

/** What the settings are read from. */
export type Gathered = {
  env: Values
  /** Where each value came from: `environment`, `.env`, or the file that holds it. */
  origins: Record<string, string>
  /** What cannot be taken, one line each. */
  faults: string[]
}

const isSet = (value: string | undefined) => value !== undefined && value.trim() !== ''

/**
 * Gathers the real environment and `.env` in a folder, the real one first. For any setting `X_FILE` may name a file that
 * holds the value (secrets of systemd, Docker and Kubernetes come so): its content without the white space around it. A
 * relative path starts at the folder. Where the real environment has either, it replaces both of `.env`.
 */
export function gather(real: Values, folder: string, names: readonly string[]): Gathered {
  const file = join(folder, '.env')
  const written: Values = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}
  const gathered: Gathered = { env: {}, origins: {}, faults: [] }
  const { env, origins, faults } = gathered
  for (const [source, values] of [
    ['.env', written],
    ['environment', real],
  ] as const) {
    for (const [name, value] of Object.entries(values)) {
      if (!isSet(value)) continue
      env[name] = value
      origins[name] = source
      // The one replaces the other only when it comes from elsewhere: side by side they are a mistake.
      const twin = name.endsWith('_FILE') ? name.slice(0, -'_FILE'.length) : `${name}_FILE`
      if (origins[twin] !== undefined && origins[twin] !== source) {
        delete env[twin]
        delete origins[twin]
      }
    }
  }
  for (const [given, path] of Object.entries(env)) {
    const name = given.slice(0, -'_FILE'.length)
    if (!given.endsWith('_FILE') || path === undefined) continue
    if (!names.includes(name) && !elsewhere.test(name)) continue
    const source = origins[`${name}_FILE`]
    const where = `  ${name}_FILE (from ${source})`
    if (env[name] !== undefined) {
      faults.push(`${where}: ${name} is set as well; keep one of the two`)
      continue
    }
    try {
      const place = resolve(folder, path)
      const value = readFileSync(place, 'utf8').trim()
      if (value === '') faults.push(`${where}: ${place} is empty`)
      env[name] = value
      origins[name] = place
    } catch (error) {
      faults.push(`${where}: ${path} cannot be read (${codeOf(error)})`)
    }
  }
  return gathered
}

/** Settings that are read where they are used, and not here. */
const elsewhere = /^(MEDIA_S3|OTEL_EXPORTER_OTLP|OIDC)_/

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
