#!/usr/bin/env -S node --max-old-space-size=320 --max-semi-space-size=16 --no-parallel-scavenge
import { build, checkNode, install } from './ready.mjs'

checkNode()
install()
build()
const { main } = await import('../../dist/server/colonnade.js')
await main(process.argv.slice(2))
