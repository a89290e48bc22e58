#!/usr/bin/env node
import { build, checkNode, install } from './ready.mjs'

checkNode()
install()
build()
const { main } = await import('../../dist/server/colonnade.js')
await main(process.argv.slice(2))
