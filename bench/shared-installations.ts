import {
  type Installation,
  makeDataFolder,
  type StartOptions,
  startInstallation,
} from './installation.ts'

type Caches = 'on' | 'off'

/** The installations that scenarios share: one as it comes, one without any cache; each keeps its data. */
export class SharedInstallations {
  private readonly running = new Map<Caches, Promise<Installation>>()
  private readonly folders = new Map<Caches, string>()

  constructor(private readonly options: Omit<StartOptions, 'data' | 'env'>) {}

  /** Starts it on first use, and on its old data when it was stopped. */
  async get(caches: Caches): Promise<Installation> {
    const known = this.running.get(caches)
    if (known) return await known
    const data = this.folders.get(caches) ?? makeDataFolder(this.options.cleanup)
    this.folders.set(caches, data)
    const starting = startInstallation({ ...this.options, data, env: { CACHE: caches } })
    this.running.set(caches, starting)
    return await starting
  }

  /** Stops all that run. @returns the one with its caches, if it ran */
  async stop(): Promise<Installation | undefined> {
    const cached = await this.running.get('on')
    const all = await Promise.all(this.running.values())
    this.running.clear()
    await Promise.all(all.map((one) => one.stop()))
    return cached
  }
}
