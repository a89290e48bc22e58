import { createHash } from 'node:crypto'
import { basename, dirname, relative } from 'node:path'
import { defineConfig, type Plugin } from 'vite'
import { mendPostgres } from './ops/build/mend-postgres.ts'

/** Class names are made from the file's place alone, so that the server's and the browser's build agree. */
export function scopedName(local: string, file: string): string {
  const path = relative(import.meta.dirname, file).replaceAll('\\', '/')
  const hash = createHash('sha256')
    .update(path)
    .digest('base64url')
    .replace(/[-_]/g, '')
    .slice(0, 4)
  return `${basename(dirname(dirname(file)))}-${local}-${hash}`
}

/** Elements import style sheets for their effect alone; a module sheet whose names they do not use would be dropped. */
const keepStyles: Plugin = {
  name: 'keep-styles',
  enforce: 'post',
  transform: {
    filter: { id: /\.module\.css$/ },
    handler: (code) => ({ code, map: null, moduleSideEffects: 'no-treeshake' }),
  },
}

export default defineConfig({
  plugins: [keepStyles, mendPostgres],
  css: {
    modules: { generateScopedName: (name, file) => scopedName(name, file.split('?')[0] ?? file) },
  },
})
