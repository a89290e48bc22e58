import { join } from 'node:path'
import { build, checkNode, install, root } from './ready.mjs'

checkNode()
install()
build()
const vite = await import('vite')
const bench = (name) => join(root, 'bench', `${name}.ts`)
// The generator and the bare servers are processes of their own: bundled, so that nothing but Node runs in them.
await vite.build({
  configFile: join(root, 'vite.config.ts'),
  root,
  logLevel: 'warn',
  publicDir: false,
  build: {
    outDir: join(root, 'dist/bench'),
    emptyOutDir: true,
    ssr: true,
    target: 'node20',
    rolldownOptions: {
      input: { bench: bench('bench'), generator: bench('generator'), bare: bench('bare') },
      output: { entryFileNames: '[name].js' },
    },
  },
  ssr: { noExternal: [/^@colonnade\//] },
})
// The page of a peer that is made in the browser.
await vite.build({
  configFile: join(root, 'vite.config.ts'),
  root,
  logLevel: 'warn',
  publicDir: false,
  build: {
    outDir: join(root, 'dist/bench/client'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    rolldownOptions: {
      input: { page: join(root, 'bench/client-side/page.tsx') },
      output: { entryFileNames: '[name].js' },
    },
  },
})
const { main } = await import('../../dist/bench/bench.js')
await main(root, process.argv.slice(2))
