import { existsSync, lstatSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { root } from '../root.ts'
import { SettingsError } from '../settings.ts'

/** Where releases lie side by side, as `releases/<id>`, and `current` points to the one that runs. */
export type Layout = { base: string; current: string }

/**
 * @param at the folder that holds `releases` and `current`; else found from where this command lies
 * @throws SettingsError on a plain checkout, with what to do there
 */
export function findLayout(at?: string): Layout {
  const base = resolve(at ?? join(root, '../..'))
  const current = join(base, 'current')
  const isLink = lstatSync(current, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
  if (isLink && existsSync(join(base, 'releases'))) return { base, current }
  throw new SettingsError(
    at
      ? `${base} holds no releases/ with a symlink current beside it.`
      : 'This is a plain checkout: stop Colonnade, run colonnade backup, bring the new version, and start it again. ' +
          'Where releases lie side by side (releases/<id>, and a symlink current), name their folder: --at /opt/colonnade.',
  )
}

/** The folder of the release that runs, or will at the next start. */
export const releaseNow = ({ current }: Layout): string => realpathSync(current)

/** @returns the folder of a release @throws SettingsError when it is none, or not among the others */
export function findRelease({ base }: Layout, folder: string): string {
  const path = resolve(folder)
  const release = existsSync(path) ? realpathSync(path) : path
  if (!release.startsWith(`${realpathSync(join(base, 'releases'))}/`)) {
    throw new SettingsError(`${release} is not in ${join(base, 'releases')}: bring it there first.`)
  }
  if (!existsSync(join(release, 'ops/bin/colonnade.mjs'))) {
    throw new SettingsError(`${release} is not a release: ops/bin/colonnade.mjs is missing.`)
  }
  return release
}

/** Points `current` to a release, in one step. */
export function point({ base, current }: Layout, release: string): void {
  const fresh = `${current}.new`
  rmSync(fresh, { force: true })
  symlinkSync(relative(realpathSync(base), release), fresh)
  renameSync(fresh, current)
}
