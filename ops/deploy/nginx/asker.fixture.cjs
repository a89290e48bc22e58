// Asks for what its input lists, in order or all at once, over HTTPS on kept connections: `{ urls, headers, method,
// atOnce, seconds }`. As browsers do, what a kept connection swallowed is sent once more, on a new one.
const { Agent, request } = require('node:https')
const { readFileSync } = require('node:fs')
const plan = JSON.parse(readFileSync(0, 'utf8'))
const agent = new Agent({ keepAlive: true, maxSockets: 8 })
const ask = (url, again = true) =>
  new Promise((resolve) => {
    const { method = 'GET', headers = {}, ca } = plan
    const asked = request(
      url,
      // Not one of its siblings: they may be closing too.
      { agent: again && agent, method, headers, ca, servername: 'learn.test' },
      (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (part) => {
          body += part
        })
        response.on('error', () => resolve({ status: 0, body: 'cut off' }))
        response.on('end', () =>
          resolve({ status: response.statusCode, headers: response.headers, body }),
        )
      },
    )
    asked.on('error', (error) => {
      if (asked.reusedSocket && again) resolve(ask(url, false))
      else resolve({ status: 0, body: error.message })
    })
    asked.end()
  })
const main = async () => {
  const until = Date.now() + (plan.seconds ?? 0) * 1000
  const answers = []
  do {
    if (plan.atOnce) answers.push(...(await Promise.all(plan.urls.map((url) => ask(url)))))
    else for (const url of plan.urls) answers.push(await ask(url))
  } while (Date.now() < until)
  console.log(
    JSON.stringify(
      plan.seconds
        ? answers.map(({ status, body }) => ({ status, body: status === 200 ? '' : body }))
        : answers,
    ),
  )
  agent.destroy()
}
main()
