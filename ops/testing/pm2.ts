import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { environment, type Settings } from './colonnade.ts'
import type { Trial } from './trial.ts'

const run = promisify(execFile)
const listed = z.array(z.object({ name: z.string(), pid: z.number().optional() }))

/** pm2 as an operator has it, in folders of its own; a tool of theirs, so no dependency of ours. */
export class Pm2 {
  private closed = false

  private constructor(
    private readonly trial: Trial,
    private readonly folder: string,
    private readonly settings: Settings,
  ) {}

  /** @param settings of everything it starts @returns undefined where it cannot be had @throws never */
  static async install(trial: Trial, settings: Settings): Promise<Pm2 | undefined> {
    const folder = trial.data('pm2')
    const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--fetch-retries=1']
    const shell = process.platform === 'win32'
    const install = ['install', '--prefix', folder, ...options, 'pm2@7.0.4']
    const done = await run('npm', install, { timeout: 90_000, shell }).then(
      () => true,
      () => false,
    )
    return done ? new Pm2(trial, folder, settings) : undefined
  }

  /** What Node runs as `pm2`. */
  get program(): string {
    return join(this.folder, 'node_modules/pm2/bin/pm2')
  }

  private get env(): NodeJS.ProcessEnv {
    return { ...environment(), ...this.settings, PM2_HOME: join(this.folder, 'home') }
  }

  /** Runs `pm2 …` elsewhere than in the project folder. @returns what it said @throws when it failed */
  async tell(...args: string[]): Promise<string> {
    // It would start its daemon again.
    if (this.closed) throw new Error('pm2 was ended.')
    const { stdout } = await run(process.execPath, [this.program, ...args], {
      cwd: this.folder,
      env: this.env,
      timeout: 200_000,
    })
    this.trial.adopt(Number(readFileSync(join(this.folder, 'home/pm2.pid'), 'utf8')))
    return stdout
  }

  /** The process of an app now. */
  async pidOf(name: string): Promise<number | undefined> {
    const said = await this.tell('jlist')
    return listed.parse(JSON.parse(said)).find((app) => app.name === name)?.pid
  }

  /** What an app has said. */
  log(name: string): string {
    const read = (kind: string) => {
      try {
        return readFileSync(join(this.folder, 'home/logs', `${name}-${kind}.log`), 'utf8')
      } catch {
        return ''
      }
    }
    return read('out') + read('error')
  }

  /** Ends pm2 and all that it started. */
  close(): void {
    this.closed = true
    spawnSync(process.execPath, [this.program, 'kill'], { env: this.env, timeout: 60_000 })
  }
}
