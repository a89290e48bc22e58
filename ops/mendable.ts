import { BackupError } from './backup/manifest.ts'
import { DatabaseError } from './database.ts'
import { ImportRefused } from './import-course.ts'
import { PortTaken } from './port.ts'
import { SettingsError } from './settings.ts'
import { ReleaseFailed } from './upgrade/probe.ts'

/** No worker could be started; the message is the first one's. */
export class WorkersFailed extends Error {}

const kinds = [
  SettingsError,
  PortTaken,
  DatabaseError,
  ImportRefused,
  WorkersFailed,
  BackupError,
  ReleaseFailed,
]

/** An error in words: its message alone where that says what to do, else with the stack. */
export function inWords(error: unknown): { message: string; mendable: boolean } {
  const mendable = kinds.some((kind) => error instanceof kind)
  if (!(error instanceof Error)) return { message: String(error), mendable }
  return { message: mendable ? error.message : String(error.stack), mendable }
}
