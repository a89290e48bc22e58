import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex')

export const credentials = {
  MEDIA_S3_BUCKET: 'pictures',
  MEDIA_S3_REGION: 'eu-test-1',
  MEDIA_S3_ACCESS_KEY_ID: 'AKIDTEST',
  MEDIA_S3_SECRET_ACCESS_KEY: 'a secret/with+signs',
}

/**
 * The signature as S3 computes it, from Amazon's description of Signature Version 4 and not from the library that the
 * service signs with.
 */
function signatureOf(request: IncomingMessage, signed: string, scope: string): string {
  const url = new URL(request.url ?? '/', 'http://bucket')
  const header = (name: string) => String(request.headers[name] ?? '').trim()
  const canonical = [
    request.method,
    url.pathname,
    url.search.slice(1),
    ...signed.split(';').map((name) => `${name}:${header(name)}`),
    '',
    signed,
    header('x-amz-content-sha256'),
  ].join('\n')
  const date = header('x-amz-date')
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n')
  const [day = '', region = '', service = '', end = ''] = scope.split('/')
  const key = [region, service, end].reduce<Buffer>(
    hmac,
    hmac(`AWS4${credentials.MEDIA_S3_SECRET_ACCESS_KEY}`, day),
  )
  return createHmac('sha256', key).update(toSign).digest('hex')
}

function isSigned(request: IncomingMessage, body: Buffer): boolean {
  const given = request.headers.authorization ?? ''
  const [, id, scope = '', signed = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), SignedHeaders=([^,]+), Signature=(\w+)$/.exec(
      given,
    ) ?? []
  const promised = request.headers['x-amz-content-sha256']
  return (
    id === credentials.MEDIA_S3_ACCESS_KEY_ID &&
    scope.split('/').slice(1).join('/') === 'eu-test-1/s3/aws4_request' &&
    ['host', 'x-amz-date', 'x-amz-content-sha256'].every((name) =>
      signed.split(';').includes(name),
    ) &&
    (promised === 'UNSIGNED-PAYLOAD' || promised === sha256(body)) &&
    signature === signatureOf(request, signed, scope)
  )
}

/** As much of S3 as the service uses. It forgets everything when it is closed. */
export async function openTestBucket() {
  const objects = new Map<string, { bytes: Buffer; type: string }>()
  const state = { refused: 0, away: false }
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const body = Buffer.concat(parts)
    const answer = (status: number, bytes: string | Buffer = '', type = 'application/xml') =>
      response.writeHead(status, { 'Content-Type': type }).end(bytes)
    if (state.away) return answer(500, '<Error><Code>InternalError</Code></Error>')
    if (!isSigned(request, body)) {
      state.refused += 1
      return answer(403, '<Error><Code>SignatureDoesNotMatch</Code></Error>')
    }
    const path = request.url ?? ''
    if (!path.startsWith('/pictures/'))
      return answer(404, '<Error><Code>NoSuchBucket</Code></Error>')
    const found = objects.get(path)
    if (request.method === 'PUT') {
      objects.set(path, { bytes: body, type: request.headers['content-type'] ?? '' })
      return answer(200)
    }
    if (request.method === 'DELETE') {
      objects.delete(path)
      return answer(204)
    }
    if (!found)
      return answer(404, request.method === 'HEAD' ? '' : '<Error><Code>NoSuchKey</Code></Error>')
    return answer(200, request.method === 'HEAD' ? '' : found.bytes, found.type)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    objects,
    state,
    env: { ...credentials, MEDIA_S3_ENDPOINT: `http://127.0.0.1:${port}` },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
