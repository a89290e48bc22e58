// Stands for a proxy of Colonnade in the tests of our nginx files: tells what it was asked, and how often.
const { createServer } = require('node:http')
const [port, host = '127.0.0.1'] = process.argv.slice(2)
const asked = {}
const kinds = {
  '/page': {
    'Cache-Control': 'public, max-age=0, must-revalidate',
    Vary: 'Accept-Encoding',
    ETag: '"a"',
  },
  '/slow': { 'Cache-Control': 'public, max-age=0, must-revalidate' },
  '/private': { 'Cache-Control': 'private, max-age=60' },
  '/no-store': { 'Cache-Control': 'no-store' },
  '/silent': {},
  '/language': { 'Cache-Control': 'public, max-age=0', Vary: 'Accept-Language' },
  '/api/page': { 'Cache-Control': 'public, max-age=60' },
}
createServer((request, response) => {
  const { url = '', headers, method } = request
  asked[url] = (asked[url] ?? 0) + 1
  const answer = () => {
    if (url === '/page' && headers['if-none-match'] === '"a"') {
      response.writeHead(304, kinds[url]).end()
      return
    }
    response.writeHead(url === '/away' ? 503 : 200, kinds[url] ?? { 'Cache-Control': 'no-store' })
    const forwarded = headers['x-forwarded-for']
    const encoding = headers['accept-encoding']
    response.end(
      url === '/asked'
        ? JSON.stringify(asked)
        : JSON.stringify({ port, method, url, forwarded, encoding }),
    )
  }
  if (url === '/api/dies' && port === '3000') process.exit(1)
  if (url === '/slow') setTimeout(answer, 300)
  else answer()
}).listen({ port: Number(port), host }, () => console.log('listening'))
