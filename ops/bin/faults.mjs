// The table of faults, from a fresh clone on: breaks installations of its own, and tells what became of them.
import { bundle } from './bundle.mjs'
import { build, checkNode, install, root } from './ready.mjs'

checkNode()
install()
build()
await bundle('faults', {
  faults: 'bench/faults/faults.ts',
  attacker: 'bench/faults/attacker.ts',
})
const { main } = await import('../../dist/faults/faults.js')
await main(root, process.argv.slice(2))
