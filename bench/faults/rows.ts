import type { Row } from './row.ts'
import { badAnswers } from './rows/answers.ts'
import { hostileClients } from './rows/clients.ts'
import { clockWrong } from './rows/clocks.ts'
import { databaseKilled, serviceFrozen, serviceKilled, workerKilled } from './rows/crashes.ts'
import { commitAmbiguous, databaseCut } from './rows/cuts.ts'
import { badDeploy } from './rows/deploys.ts'
import { diskFull, diskSlow } from './rows/disks.ts'
import { cpuGone, handlesExhausted, memoryHit } from './rows/limits.ts'
import { badMigration } from './rows/migrations.ts'
import { overload } from './rows/overload.ts'
import { redisBroken } from './rows/redis.ts'

/** Rows of the table of faults that one box can show, in their order. */
export const rows: readonly Row[] = [
  workerKilled,
  serviceKilled,
  serviceFrozen,
  badAnswers,
  databaseKilled,
  databaseCut,
  diskFull,
  diskSlow,
  redisBroken,
  clockWrong,
  memoryHit,
  cpuGone,
  handlesExhausted,
  badDeploy,
  badMigration,
  overload,
  hostileClients,
  commitAmbiguous,
]
