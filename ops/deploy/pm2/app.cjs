// What the ecosystem files share: one app in pm2's cluster mode, where `pm2 reload` starts the new process, waits for
// its "ready", and only then lets the old one leave, so that no request is dropped.
const { existsSync, realpathSync } = require('node:fs')
const { dirname, join, resolve } = require('node:path')

// Node gives the real path of this file: back to the symlink, so that a reload takes up the release it points to then.
const checkout = resolve(__dirname, '../../..')
const link = join(checkout, '../../current')
const current = existsSync(link) && realpathSync(link) === checkout ? link : checkout

/**
 * @param {string} name in pm2's list
 * @param {string} args of `colonnade`
 */
exports.app = (name, args) => ({
  name,
  script: join(current, 'ops/bin/colonnade.mjs'),
  args,
  // A release that is taken away later must not be where a process works.
  cwd: dirname(current),
  exec_mode: 'cluster',
  // One: two would not hear of each other's events.
  instances: 1,
  node_args: '--max-old-space-size=320 --max-semi-space-size=16 --no-parallel-scavenge',
  wait_ready: true,
  // Longer than any start takes: pm2 ends the old process then, ready or not.
  listen_timeout: 120_000,
  // Longer than a process needs to finish what is in flight (20 s).
  kill_timeout: 25_000,
  // Only the process itself hears the signal; what it began, it ends.
  treekill: false,
  // A crash is mended at once; one that comes again and again, after growing pauses.
  exp_backoff_restart_delay: 100,
  max_memory_restart: '700M',
  merge_logs: true,
  time: true,
})
