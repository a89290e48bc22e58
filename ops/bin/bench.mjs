import { join } from 'node:path'
import { bundle } from './bundle.mjs'
import { build, checkNode, install, root } from './ready.mjs'

checkNode()
install()
build()
// The generator and the bare servers are processes of their own: bundled, so that nothing but Node runs in them.
await bundle('bench', {
  bench: 'bench/bench.ts',
  generator: 'bench/generator.ts',
  bare: 'bench/bare.ts',
})
const vite = await import('vite')
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
