export { type Database, openDatabase, ping, type Sql, type Transaction } from './database.ts'
export { forgetOldKeys, idempotencyTable, type Once, once } from './idempotency.ts'
export { migrate } from './migrate.ts'
