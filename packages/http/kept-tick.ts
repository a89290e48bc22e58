import { executionAsyncResource } from 'node:async_hooks'

/**
 * One of the objects that `process.nextTick` makes, alive as long as the process. V8 forgets how such objects are laid
 * out when a collection of garbage finds none, in a server that nobody asks for some seconds; that literal has computed
 * keys, and is made on a slow path from then on (V8's `DefineKeyedOwnPropertyInLiteral`, which stays megamorphic). An
 * answer takes several ticks: decisions/0035 has what it costs.
 */
const kept: object[] = []
process.nextTick(() => kept.push(executionAsyncResource()))
