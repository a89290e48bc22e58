export { AddressError, readAddress } from './address.ts'
export { inBatches } from './batches.ts'
export { connectTo } from './connect.ts'
export { countConnections } from './connections.ts'
export { type Database, openDatabase, ping, type Sql, type Transaction } from './database.ts'
export {
  forgetOldKeys,
  idempotencyTable,
  type KeyedRequest,
  type Once,
  type OnceAnswer,
  once,
  onceEach,
} from './idempotency.ts'
export { MigrationError, migrate } from './migrate.ts'
export { connectionsOf, type PoolSizes, poolNames, poolSizes } from './pool-sizes.ts'
