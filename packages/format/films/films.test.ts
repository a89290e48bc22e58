import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CourseError } from '../errors.ts'
import { readPage } from '../fixtures.ts'
import { readCaptions } from './webvtt.ts'

const captions = `WEBVTT - made by hand
Kind: captions

NOTE what nobody sees

1
00:00.000 --> 00:02.500 align:start
<v Ada>One page, <i>many</i> hands.

01:00:03.000 --> 01:00:04.000
Salt &amp; water
on two lines
`
const link = '[Many hands](video/hands.mp4)\n'
const film = { 'episodes/video/hands.mp4': 'film' }

describe('films of the folder', () => {
  test('are played, with captions, still and transcript from the files beside them', async () => {
    const { html, lesson, losses, report } = await readPage(link, {
      ...film,
      'episodes/video/hands.vtt': captions,
      'episodes/video/hands.es.vtt': 'WEBVTT\n\n00:00.000 --> 00:01.000\nUna página\n',
      'episodes/video/hands.png': 'still',
    })
    expect(html).toContain('<video-player class="ln-film" id="video-many-hands">')
    expect(html).toContain('<video controls playsinline preload="metadata" aria-label="Many hands"')
    expect(html).toContain('poster="file:episodes/video/hands.png"')
    expect(html).toContain('<source src="file:episodes/video/hands.mp4" type="video/mp4">')
    expect(html).toContain(
      '<track kind="captions" src="file:episodes/video/hands.vtt" srclang="en" label="English" default>',
    )
    expect(html).toContain('srclang="es" label="español">')
    expect(html).toContain('<summary>Transcript</summary><ol lang="en">')
    expect(html).toContain(
      '<li data-from="3603" data-to="3604"><time>1:00:03</time> <span>Salt &amp; water on two lines</span>',
    )
    expect(lesson.text).toContain('Ada: One page, many hands.')
    expect(lesson.items.map(({ kind, title }) => [kind, title])).toContainEqual([
      'video',
      'Many hands',
    ])
    expect(losses).toEqual([])
    expect(report.filter(({ outcome }) => outcome === 'dropped')).toEqual([])
  })

  test('without captions are played, and the report says what is missing', async () => {
    const { html, report } = await readPage(link, film)
    expect(html).toContain('<video ')
    expect(html).not.toContain('<details')
    expect(report).toContainEqual(
      expect.objectContaining({ file: 'episodes/video/hands.mp4', outcome: 'approximated' }),
    )
  })

  test('elsewhere stay links', async () => {
    const { html } = await readPage('[There](https://example.org/film.mp4)\n')
    expect(html).toContain('<p class="ln-video" id="video-there"><a href="https://example.org/')
  })
})

describe('captions', () => {
  test.each([
    ['no header', '00:00.000 --> 00:01.000\nHello\n', 1],
    ['times that are none', 'WEBVTT\n\n0:0 --> 1\nHello\n', 3],
    ['no times', 'WEBVTT\n\nHello\n', 3],
    ['an end before the begin', 'WEBVTT\n\n1\n00:02.000 --> 00:01.000\nHello\n', 4],
  ])('with %s are refused with their line', (_, text, line) => {
    expect(() => readCaptions(text, 'a.vtt')).toThrow(CourseError)
    try {
      readCaptions(text, 'a.vtt')
    } catch (error) {
      expect(error).toMatchObject({ file: 'a.vtt', line })
    }
  })

  test('come back as they were written, in order', () => {
    const cue = fc
      .record({
        from: fc.integer({ min: 0, max: 9_000_000 }),
        long: fc.integer({ min: 1, max: 9_000 }),
        text: fc.stringMatching(/^[a-zé0-9 .,?!]{1,40}$/).filter((text) => text.trim() !== ''),
      })
      .map(({ from, long, text }) => ({ from, to: from + long, text }))
    const at = (ms: number) =>
      `${new Date(ms).toISOString().slice(11, 19)}.${String(ms % 1000).padStart(3, '0')}`
    fc.assert(
      fc.property(fc.array(cue), fc.constantFrom('\n', '\r\n'), (cues, end) => {
        const blocks = cues.map(({ from, to, text }) => `${at(from)} --> ${at(to)}\n${text}\n`)
        const read = readCaptions(['WEBVTT\n', ...blocks].join('\n').replaceAll('\n', end), 'a.vtt')
        const sorted = cues.toSorted((a, b) => a.from - b.from)
        expect(read).toEqual(
          sorted.map(({ from, to, text }) => ({
            from: from / 1000,
            to: to / 1000,
            text: text.replace(/\s+/g, ' ').trim(),
          })),
        )
      }),
    )
  })

  test('of whatever text are read or refused, and nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        try {
          for (const one of readCaptions(`WEBVTT\n\n${text}`, 'a.vtt')) {
            expect(one.to).toBeGreaterThan(one.from)
          }
        } catch (error) {
          expect(error).toBeInstanceOf(CourseError)
        }
      }),
    )
  })
})
