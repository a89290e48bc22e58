import type { Row } from './row.ts'
import { badAnswers } from './rows/answers.ts'
import { databaseKilled, serviceFrozen, serviceKilled, workerKilled } from './rows/crashes.ts'
import { commitAmbiguous, databaseCut } from './rows/cuts.ts'

/** Rows of the table of faults that one box can show, in their order. */
export const rows: readonly Row[] = [
  workerKilled,
  serviceKilled,
  serviceFrozen,
  badAnswers,
  databaseKilled,
  databaseCut,
  commitAmbiguous,
]
