import type { ServiceContext } from '@colonnade/http'
import type { Access } from './access.ts'
import type { Plans } from './plan.ts'

/** What every part of the service works with. */
export type Learning = Pick<ServiceContext, 'db' | 'nudge' | 'log'> & {
  plans: Plans
  access: Access
}
