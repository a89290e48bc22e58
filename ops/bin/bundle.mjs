// Bundles programs that are no part of the product: our own packages, and what a package of ours brings that the
// project itself does not have, go in, and the driver, mended; all else is found where it is installed.
import { join } from 'node:path'
import { root } from './ready.mjs'

/**
 * @param {string} name of the folder under dist/
 * @param {Record<string, string>} input files by name, from the project's root
 */
export async function bundle(name, input) {
  const vite = await import('vite')
  await vite.build({
    configFile: join(root, 'vite.config.ts'),
    root,
    logLevel: 'warn',
    publicDir: false,
    build: {
      outDir: join(root, 'dist', name),
      emptyOutDir: true,
      ssr: true,
      target: 'node20',
      rolldownOptions: {
        input: Object.fromEntries(
          Object.entries(input).map(([entry, file]) => [entry, join(root, file)]),
        ),
        output: { entryFileNames: '[name].js' },
      },
    },
    ssr: { noExternal: [/^@colonnade\//, 'lru-cache', 'postgres'] },
  })
}
