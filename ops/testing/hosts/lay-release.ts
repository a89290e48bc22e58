import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../root.ts'

/**
 * Shell for a host: `lay_release PLACE` puts a release there as a deploy would, whole with packages and build. It is this
 * checkout, and what is written to it goes elsewhere.
 * @param folder where that is; not on the host's own file system, which is laid over another too
 */
export function layRelease(folder: string): string {
  for (const part of ['changes', 'work']) mkdirSync(join(folder, part), { recursive: true })
  return `lay_release() {
  mkdir -p "$1"
  mount -t overlay overlay -o lowerdir=${root},upperdir=${folder}/changes,workdir=${folder}/work "$1"
}
`
}
