import fc from 'fast-check'
import { expect, test } from 'vitest'
import { writeCalendar } from './ics.ts'

const at = new Date('2026-12-01T22:59:00Z')
const event = { uid: 'e1-q@test', at, stamp: at, summary: 'S', description: 'D', url: 'http://t/q' }

/** The values of a property, as a calendar reads them: lines joined, then unescaped. */
const valuesOf = (ics: string, name: string) =>
  ics
    .replaceAll('\r\n ', '')
    .split('\r\n')
    .filter((line) => line.startsWith(`${name}:`))
    .map((line) =>
      line
        .slice(name.length + 1)
        .replace(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign)),
    )

test('an event is an instant in UTC', () => {
  const ics = writeCalendar('Mine', [event])
  expect(ics.split('\r\n')).toEqual(
    expect.arrayContaining(['BEGIN:VCALENDAR', 'DTSTART:20261201T225900Z', 'END:VCALENDAR', '']),
  )
  expect(ics.match(/BEGIN:VEVENT/g)).toHaveLength(1)
})

test('whatever a title holds comes out as it was, in lines of at most 75 octets', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are left out
      const clean = text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
      const ics = writeCalendar('Mine', [{ ...event, summary: clean }])
      expect(valuesOf(ics, 'SUMMARY')).toEqual([clean])
      for (const line of ics.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThan(76)
    }),
  )
})

test('a title begins no line of its own', () => {
  const ics = writeCalendar('Mine', [{ ...event, summary: 'a\r\nEND:VCALENDAR\rb\nBEGIN:X' }])
  expect(ics.match(/^(END:VCALENDAR|BEGIN:X)\r?$/gm)).toHaveLength(1)
})
