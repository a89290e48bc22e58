import { parseArgs } from 'node:util'
import { openDataFolder } from '../run.ts'
import { listRunning, type Running } from '../running.ts'
import { readSecrets } from '../secrets.ts'
import { readSettings, SettingsError } from '../settings.ts'
import { say } from '../terminal.ts'
import { findLayout, findRelease, type Layout, releaseNow } from '../upgrade/layout.ts'
import { chooseProbes } from '../upgrade/probe.ts'
import { reloadByCommand, reloadSupervised } from '../upgrade/reload.ts'
import { type Host, undo, upgradeTo } from '../upgrade/upgrade.ts'

const usage = `colonnade upgrade <folder of a release>, or colonnade upgrade --undo [--restore]
  --at <folder>       where releases/ and current lie
  --as 'serve proxy'  what runs here, where that is not one process
  --reload <command>  takes up the release that current points to, such as 'pm2 reload colonnade-proxy';
                      else colonnade's own supervisor does (--supervised)
  --watch <seconds>   how long it is watched; 15
  --no-backup         do without a backup`

/** `colonnade upgrade <folder>` goes over to a new release, `colonnade upgrade --undo` back to the one before. */
export async function upgrade(args: string[]): Promise<void> {
  const { values, positionals } = read(args)
  const [folder, ...rest] = positionals
  if (rest.length > 0 || (folder === undefined) !== values.undo) throw new SettingsError(usage)
  const layout = findLayout(values.at)
  const to = folder === undefined ? undefined : findRelease(layout, folder)
  // Ends what is on trial too.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  const host = await openHost(layout, values)
  if (to) return await upgradeTo(host, to, !values['no-backup'])
  const { backup } = await undo(host)
  if (!values.restore) return
  say(
    backup
      ? `To put back the data too, stop Colonnade on every host; what was written since the upgrade is lost then, but for the backup that this makes first:
  ${releaseNow(layout)}/ops/bin/colonnade.mjs restore --replace ${backup}`
      : 'That upgrade made no backup: there is nothing to restore.',
  )
}

async function openHost(
  layout: Layout,
  options: { as?: string; reload?: string; watch: string },
): Promise<Host> {
  const settings = readSettings()
  const { path: data } = openDataFolder(settings)
  const as = options.as?.split(/\s+/)
  const running = choose(listRunning(data), as, data)
  const kept = readSecrets(data)
  const secret = settings.COLONNADE_SECRET ?? kept?.secret
  const apiToken = settings.COLONNADE_API_TOKEN ?? kept?.apiToken
  if (!secret || !apiToken) throw new SettingsError('Set COLONNADE_SECRET and COLONNADE_API_TOKEN.')
  if (!options.reload && !running.workers) {
    throw new SettingsError(
      'What runs here has no supervisor: start it with --supervised, or say what reloads it: --reload <command>.',
    )
  }
  const watchSeconds = Number(options.watch)
  if (!(watchSeconds >= 0)) throw new SettingsError(usage)
  return {
    layout,
    settings,
    data,
    running,
    secrets: { secret, apiToken },
    url: running.url,
    probes: await chooseProbes(running),
    reload: options.reload
      ? reloadByCommand(options.reload)
      : reloadSupervised(data, running, secret),
    watchSeconds,
    ...(as ? { as } : {}),
  }
}

/** The process to renew. @throws SettingsError when there is none, or not one alone that fits */
function choose(all: Running[], as: readonly string[] | undefined, data: string): Running {
  const parts = as?.filter((one) => one !== 'serve')
  const fits = ({ proxy, services }: Running) =>
    !parts ||
    (parts[0] === 'start'
      ? proxy && services.length > 0
      : parts.includes('proxy') === proxy &&
        services.length === parts.filter((one) => one !== 'proxy').length &&
        services.every((name) => parts.includes(name)))
  const [running, ...others] = all.filter(fits)
  if (running && others.length === 0) return running
  throw new SettingsError(
    running
      ? "Several processes run on this data: name the one to renew, such as --as 'serve proxy'."
      : `Nothing such runs on the data in ${data}: start it, or name its data folder in COLONNADE_DATA.`,
  )
}

function read(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        at: { type: 'string' },
        as: { type: 'string' },
        reload: { type: 'string' },
        watch: { type: 'string', default: '15' },
        'no-backup': { type: 'boolean', default: false },
        undo: { type: 'boolean', default: false },
        restore: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new SettingsError(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
  }
}
