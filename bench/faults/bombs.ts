import { crc32, deflateRawSync, deflateSync } from 'node:zlib'

/** A PNG of a few kilobytes that wants `side` × `side` pixels (PNG specification, one bit of grey for each). */
export function pixelBomb(side: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header[8] = 1
  const rows = deflateSync(Buffer.alloc((Math.ceil(side / 8) + 1) * side), { level: 9 })
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])
  return Buffer.concat([signature, part('IHDR', header), part('IDAT', rows), part('IEND')])
}

function part(name: string, data = Buffer.alloc(0)): Buffer {
  const named = Buffer.concat([Buffer.from(name), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}

/**
 * A zip whose one file, `config.yaml`, is a thousand times as large as the zip (APPNOTE 6.3, deflated).
 * @param claim the size that it says the file has
 */
export function zipBomb(bytes: number, claim = bytes): Buffer {
  const zeros = Buffer.alloc(bytes)
  const packed = deflateRawSync(zeros, { level: 9 })
  const name = Buffer.from('config.yaml')
  const about = Buffer.alloc(26)
  about.writeUInt16LE(20, 0)
  about.writeUInt16LE(8, 4)
  about.writeUInt32LE(crc32(zeros), 10)
  about.writeUInt32LE(packed.length, 14)
  about.writeUInt32LE(claim, 18)
  about.writeUInt16LE(name.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), about, name, packed])
  const central = Buffer.concat([
    Buffer.from('PK\x01\x02'),
    Buffer.from([20, 0]),
    about,
    Buffer.alloc(14),
    name,
  ])
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, central, end])
}
