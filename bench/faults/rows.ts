import { onOwnHosts } from './across.ts'
import { type Row, Skipped } from './row.ts'
import { badAnswers } from './rows/answers.ts'
import { hostileClients } from './rows/clients.ts'
import { clockWrong } from './rows/clocks.ts'
import { databaseKilled, serviceFrozen, serviceKilled, workerKilled } from './rows/crashes.ts'
import { commitAmbiguous, databaseCut } from './rows/cuts.ts'
import { proxyKilled, rollingDeploys } from './rows/deploys.ts'
import { diskFull, diskSlow } from './rows/disks.ts'
import { cpuGone, handlesExhausted, memoryHit } from './rows/limits.ts'
import { badMigration } from './rows/migrations.ts'
import {
  connectionsReset,
  databaseCutOff,
  lineNarrow,
  lineSlow,
  nginxReloaded,
  packetsLost,
} from './rows/network.ts'
import { overload } from './rows/overload.ts'
import { redisBroken } from './rows/redis.ts'
import { badDeploy } from './rows/releases.ts'

/** Across hosts, or, where none are allowed, on one box. */
const cutOff: Row = {
  ...onOwnHosts(databaseCutOff),
  run: (stage) =>
    onOwnHosts(databaseCutOff)
      .run(stage)
      .catch((error: Error) => {
        if (error instanceof Skipped) return databaseCut.run(stage)
        throw error
      }),
}

/** Rows of the table of faults that one machine can show, in their order. */
export const rows: readonly Row[] = [
  workerKilled,
  serviceKilled,
  serviceFrozen,
  badAnswers,
  databaseKilled,
  cutOff,
  onOwnHosts(packetsLost),
  onOwnHosts(connectionsReset),
  onOwnHosts(lineNarrow),
  onOwnHosts(lineSlow),
  diskFull,
  diskSlow,
  redisBroken,
  clockWrong,
  memoryHit,
  cpuGone,
  handlesExhausted,
  badDeploy,
  badMigration,
  proxyKilled,
  onOwnHosts(nginxReloaded),
  overload,
  hostileClients,
  commitAmbiguous,
  rollingDeploys,
]
