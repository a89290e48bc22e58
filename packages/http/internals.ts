import type { Hono } from 'hono'
import { problem } from './problem.ts'
import type { Trust } from './token.ts'

/**
 * What every service answers to the others, and to nobody outside: its part of the OpenAPI document, and whether it
 * and its database are ready. Guards all of `/internal/*`, so mount it before any other internal route.
 */
export function mountInternals(
  app: Hono,
  options: { trust: Trust; openApi(): unknown; ready(): Promise<unknown> },
): void {
  app.use('/internal/*', async (c, next) => {
    if (!(await options.trust.check(c.req.header('authorization')))) {
      return problem(
        401,
        'Only services of this installation may ask, and their clocks must agree with this one.',
      )
    }
    await next()
  })
  app.get('/internal/openapi.json', (c) => c.json(options.openApi()))
  app.get('/internal/ready', async (c) => {
    await options.ready()
    return c.json({ ready: true })
  })
}
