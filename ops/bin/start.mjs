import { build, checkNode, install } from './ready.mjs'

checkNode()
install()
build()
const dev = process.argv.includes('--dev')
const { main } = await import('../../dist/server/colonnade.js')
await main([dev ? 'dev' : 'start', ...process.argv.slice(2).filter((arg) => arg !== '--dev')])
