import { request } from 'node:http'

/** A real answer, byte for byte: body still compressed, headers in their order. */
export type Captured = { status: number; headers: string[]; body: Buffer }

/** Headers that belong to the connection or the moment, which node:http writes itself. */
const ofTheConnection = ['date', 'connection', 'keep-alive', 'transfer-encoding']

export async function capture(url: string, headers: Record<string, string>): Promise<Captured> {
  return await new Promise((resolve, reject) => {
    const asked = request(url, { headers }, async (response) => {
      const parts: Buffer[] = []
      for await (const part of response) parts.push(Buffer.from(part))
      const list: string[] = []
      for (let i = 0; i + 1 < response.rawHeaders.length; i += 2) {
        const [name = '', value = ''] = response.rawHeaders.slice(i, i + 2)
        if (!ofTheConnection.includes(name.toLowerCase())) list.push(name, value)
      }
      resolve({ status: response.statusCode ?? 0, headers: list, body: Buffer.concat(parts) })
    })
    asked.on('error', reject)
    asked.end()
  })
}

export function headerOf({ headers }: Captured, name: string): string | undefined {
  const at = headers.findIndex((header, i) => i % 2 === 0 && header.toLowerCase() === name)
  return at < 0 ? undefined : headers[at + 1]
}

/** What a browser asks with. */
export const browserHeaders = {
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) Colonnade-Bench/1',
  Accept: 'text/html,application/xhtml+xml',
  'Accept-Encoding': 'gzip, deflate, br',
  'Accept-Language': 'en',
}
