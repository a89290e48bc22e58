// The table of faults, from a fresh clone on: breaks installations of its own, and tells what became of them.
import { join } from 'node:path'
import { build, checkNode, install, root } from './ready.mjs'

checkNode()
install()
build()
const vite = await import('vite')
await vite.build({
  configFile: join(root, 'vite.config.ts'),
  root,
  logLevel: 'warn',
  publicDir: false,
  build: {
    outDir: join(root, 'dist/faults'),
    emptyOutDir: true,
    ssr: true,
    target: 'node20',
    rolldownOptions: {
      input: { faults: join(root, 'bench/faults/faults.ts') },
      output: { entryFileNames: '[name].js' },
    },
  },
  ssr: { noExternal: [/^@colonnade\//] },
})
const { main } = await import('../../dist/faults/faults.js')
await main(root, process.argv.slice(2))
