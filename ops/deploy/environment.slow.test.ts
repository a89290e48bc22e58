import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { eventually, type Settings } from '../testing/colonnade.ts'
import { Host, HostsNotAllowed } from '../testing/hosts/host.ts'
import { layRelease } from '../testing/hosts/lay-release.ts'
import { Pm2 } from '../testing/pm2.ts'
import { Trial } from '../testing/trial.ts'

const trial = new Trial()
const release = '/opt/colonnade/current'
const log = '/run/colonnade-all.log'
let host: Host | undefined
let refused: string | undefined

beforeAll(async () => {
  try {
    if (process.getuid?.() !== 0) throw new HostsNotAllowed('Hosts are made by root only.')
    host = await Host.boot(trial.data('hosts'), 'alone', 10, 'systemd')
  } catch (error) {
    if (!(error instanceof HostsNotAllowed)) throw error
    refused = error.message
    return
  }

  // Its .env says where the token is, as seen from the project folder, and a port that is none of those below.
  on(`${layRelease(trial.data('release'))}
    lay_release /opt/colonnade/releases/1
    ln -s releases/1 ${release}
    printf 'PORT=1\\nSITE_NAME=Written in the project folder\\nCOLONNADE_API_TOKEN_FILE=operator.token\\n' >${release}/.env
    echo ${trial.token} >${release}/operator.token
    useradd --system --home-dir /var/lib/colonnade --shell /usr/sbin/nologin colonnade
    chown colonnade ${release}/operator.token`)
})
beforeEach(({ skip }) => skip(refused !== undefined, refused))
afterAll(async () => {
  await host?.close()
  await trial.close()
})

/** Runs a script on the host, in a folder that is not the project's. */
function on(script: string, env: Settings = {}): string {
  if (!host) throw new Error('There is no host.')
  return host.sh(script, { cwd: '/srv', env })
}

/** That what runs at a port has the name from .env, and takes the token from the file. */
async function expectSettings(port: number): Promise<void> {
  const url = `http://127.0.0.1:${port}`
  await eventually(async () => on(`curl -sf ${url}/readyz`))
  expect(on(`curl -s ${url}/`)).toContain('Written in the project folder')
  const write = (token: string) =>
    on(
      `curl -s -o /dev/null -w '%{http_code}' -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' \
        -d '{"firstName":"Ada","lastName":"Lovelace"}' ${url}/api/instructors`,
    )
  expect([write(trial.token), write('another')]).toEqual(['201', '401'])
}

/** That doctor names where each came from. */
function expectOrigins(said: string, token = `${release}/operator.token`): void {
  const origins = Object.fromEntries(
    [...said.matchAll(/(\w+) +(environment|\.env|default|\/\S+) /g)].map(([, name, from]) => [
      name,
      from,
    ]),
  )
  expect(origins).toMatchObject({
    PORT: 'environment',
    SITE_NAME: '.env',
    COLONNADE_API_TOKEN: expect.stringMatching(new RegExp(`${token.split('/').at(-1)}$`)),
    HOST: 'default',
  })
}

/** An installation that has had its samples. */
const empty = (folder: string, owner = 'root') =>
  `install -d -o ${owner} ${folder}; install -o ${owner} /dev/null ${folder}/samples-imported`

test('under npm, from another folder', async () => {
  const env = { PORT: '3101', COLONNADE_DATA: '/var/lib/npm' }
  on(empty(env.COLONNADE_DATA))
  host?.start(['npm', '--prefix', release, 'start'], { cwd: '/srv', env })
  await expectSettings(3101)
  expectOrigins(on(`npm --prefix ${release} exec -- colonnade doctor || true`, env))
  on("pkill -f '[s]tart.mjs'")
}, 120_000)

test('under pm2, from another folder', async ({ skip }) => {
  const pm2 = await Pm2.install(trial, {})
  if (!pm2) return skip('pm2 cannot be installed from here')
  const server = host?.start(
    [process.execPath, `${release}/ops/bin/colonnade.mjs`, 'serve', 'database'],
    { env: { COLONNADE_DATA: '/var/lib/pm2-database', PORT: '3199' } },
  )
  const database = await eventually(async () => {
    const [url] = /postgres:\/\/\S+/.exec(server?.output() ?? '') ?? []
    if (!url) throw new Error(`No database: ${server?.output()}`)
    return url
  })
  const env = {
    PORT: '3102',
    DATABASE_URL: database,
    COLONNADE_DATA: '/var/lib/pm2',
    PM2_HOME: '/var/lib/pm2-home',
  }
  const tell = (words: string) => on(`${process.execPath} ${pm2.program} ${words}`, env)
  on(empty(env.COLONNADE_DATA))
  tell(`start ${release}/ops/deploy/pm2/all.config.cjs`)
  await expectSettings(3102)
  tell(`start ${release}/ops/bin/colonnade.mjs --name doctor --no-autorestart -- doctor`)
  const said = await eventually(async () => {
    const text = on(`cat ${env.PM2_HOME}/logs/doctor-out.log`)
    if (!text.includes('LEARNING_DIRECT_DATABASE_URL')) throw new Error(`not all of it:\n${text}`)
    return text
  })
  expectOrigins(said)
  tell('kill')
}, 180_000)

test('under systemd, in the folder of its unit', async () => {
  on(`mkdir -p /etc/colonnade /etc/systemd/system/colonnade-all.service.d
    ${empty('/var/lib/colonnade', 'colonnade')}
    printf 'PORT=3103\\nCOLONNADE_SECRET_FILE=/etc/colonnade/secret\\n' >/etc/colonnade/all.env
    echo 'the secret that services sign with' >/etc/colonnade/secret
    chgrp colonnade /etc/colonnade/secret
    chmod 640 /etc/colonnade/secret
    cd /etc/systemd/system
    cp ${release}/ops/deploy/systemd/colonnade-all.service .
    # There is no journal.
    printf '[Service]\\nStandardOutput=append:${log}\\nStandardError=append:${log}\\n' >colonnade-all.service.d/log.conf
    systemctl daemon-reload
    systemctl start colonnade-all`)
  await expectSettings(3103).catch((cause) => {
    throw new Error(on(`cat ${log}; systemctl status --no-pager colonnade-all || true`), { cause })
  })
  // The same unit, but for what it runs.
  on(`cd /etc/systemd/system
    sed -e 's|^ExecStart=.*|ExecStart=/usr/bin/env node ${release}/ops/bin/colonnade.mjs doctor|' \\
      -e 's/^Restart=.*//; s/^Type=.*/Type=oneshot/' colonnade-all.service >doctor.service
    mkdir -p doctor.service.d
    sed 's|=append:.*|=append:/run/doctor.log|' colonnade-all.service.d/log.conf >doctor.service.d/log.conf
    systemctl daemon-reload
    systemctl start doctor || true`)
  const said = on('cat /run/doctor.log')
  expectOrigins(said)
  expect(said).toMatch(/COLONNADE_SECRET +\/etc\/colonnade\/secret /)
}, 120_000)

test('systemd reloads the unit without a failed request, and starts it again after a crash', async () => {
  const page = 'http://127.0.0.1:3103/'
  const main = () => on('systemctl show -P MainPID colonnade-all').trim()
  const workers = () => on(`pgrep -P ${main()} colonnade`).trim()
  const before = { main: main(), workers: workers() }
  const codes = host?.start([
    '/bin/sh',
    '-c',
    `while [ ! -e /run/enough ]; do curl -s -o /dev/null -w '%{http_code}\\n' ${page}; done`,
  ])
  on(
    `sed -i 's/^SITE_NAME=.*/SITE_NAME=Written anew/' ${release}/.env; systemctl reload colonnade-all`,
  )
  expect(on(`curl -s ${page}`)).toContain('Written anew')
  on('touch /run/enough')
  await codes?.ended
  expect(new Set(codes?.output().trim().split('\n'))).toEqual(new Set(['200']))
  expect(main()).toBe(before.main)
  expect(workers()).not.toBe(before.workers)
  // How soon is told by `npm run faults -- 19 24`.
  on(`kill -9 ${main()}`)
  await eventually(async () => on(`curl -sf ${page}`))
  expect(on('systemctl show -P NRestarts colonnade-all')).toBe('1\n')
}, 120_000)
