import type { TestProject } from 'vitest/node'
import {
  makeDataFolder,
  ownSettings,
  removeDataFolder,
  runColonnade,
  type Settings,
} from './installation.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the pages under test are. */
    baseUrl: string
    /** Settings of the installation when it is our own, which tests may write to and break. */
    own: Settings | undefined
  }
}

/** The installation at BASE_URL, else one of our own with the sample courses, gone at the end. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | void> {
  const given = process.env.BASE_URL?.replace(/\/+$/, '')
  if (given) {
    project.provide('baseUrl', given)
    project.provide('own', undefined)
    return
  }
  const data = makeDataFolder()
  const settings = ownSettings(data)
  const running = await runColonnade(['start'], settings).catch((error: unknown) => {
    removeDataFolder(data)
    throw error
  })
  project.provide('baseUrl', running.url)
  project.provide('own', settings)
  return async () => {
    await running.stop()
    removeDataFolder(data)
  }
}
