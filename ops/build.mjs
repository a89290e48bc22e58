// Builds everything: what the browser gets, per service, and the server as one file. The build itself is TypeScript,
// read by the bundler that it uses.
import { join } from 'node:path'
import { runnerImport } from 'vite'
import { declareReady } from './bin/ready.mjs'

// What reads TypeScript for us would say `development` otherwise, and the build after it believes that.
process.env.NODE_ENV = 'production'
const { module } = await runnerImport(join(import.meta.dirname, 'build/build.ts'))
await module.buildAll()
declareReady()
