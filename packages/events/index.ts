export { hear, mountEvents } from './inbox.ts'
export { outboxTables } from './outbox.ts'
export { tell } from './queries.ts'
export { createRelay, type Relay, type Subscriber } from './relay.ts'
