import { expect, test } from 'vitest'
import { browserForFile } from './browser.ts'
import { filmLesson } from './pages.ts'

const openTab = browserForFile()

test('a film is played by keys, at a speed, and comes back to where it was left', async () => {
  const { page, complaints, close } = await openTab()
  await page.goto(filmLesson)
  const film = page.locator('video')
  await film.scrollIntoViewIfNeeded()
  await film.focus()
  const state = () =>
    film.evaluate((video: HTMLVideoElement) => ({
      at: Math.round(video.currentTime),
      speed: video.playbackRate,
      captions: video.textTracks[0]?.mode,
    }))
  await page.waitForFunction(() => (document.querySelector('video')?.duration ?? 0) > 29)
  await page.keyboard.press('l')
  await page.keyboard.press('l')
  await page.keyboard.press('j')
  await page.keyboard.press('>')
  expect(await state()).toEqual({ at: 10, speed: 1.25, captions: 'showing' })
  await page.keyboard.press('c')
  expect((await state()).captions).toBe('hidden')
  await page.getByLabel('Speed').selectOption('0.75')
  expect((await state()).speed).toBe(0.75)
  await film.evaluate((video: HTMLVideoElement) => video.dispatchEvent(new Event('pause')))
  await page.reload()
  await page.waitForFunction(() => document.querySelector('video')?.currentTime === 10)
  expect(complaints).toEqual([])
  await close()
})

test('its transcript is searched, and a line leads to its place', async () => {
  const { page, complaints, close } = await openTab({ viewport: { width: 360, height: 740 } })
  await page.goto(filmLesson)
  await page.getByText('Transcript', { exact: true }).click()
  const lines = page.locator('.ln-transcript li:visible')
  expect(await lines.count()).toBe(5)
  await page.getByLabel('Search the transcript').fill('BEAM')
  expect(await lines.allInnerTexts()).toEqual([expect.stringContaining('The beam')])
  await page.getByRole('button', { name: 'Play from 0:18' }).click()
  await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) >= 18)
  expect(complaints).toEqual([])
  await close()
})

test('without JavaScript it has its controls, and its words can be read', async () => {
  const { page, close } = await openTab({ javaScriptEnabled: false })
  await page.goto(filmLesson)
  expect(await page.locator('video').getAttribute('controls')).toBe('')
  await page.getByText('Transcript', { exact: true }).click()
  await page.getByText('The service is back').waitFor()
  await close()
})
