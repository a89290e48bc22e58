import type { ColonnadeModule } from '@colonnade/ui'
import type { CertifiedModule } from './certificate.ts'

const most = 24

/** Modules as columns of the course's building; a course whose modules are not known has three, as the mark has. */
export function columnsOf(modules: readonly CertifiedModule[]): ColonnadeModule[] {
  const unknown: CertifiedModule = { title: '', minutes: 1 }
  const shown = modules.length > 0 ? modules.slice(0, most) : [unknown, unknown, unknown]
  return shown.map(({ title, minutes }, at) => ({ key: String(at), title, minutes }))
}
