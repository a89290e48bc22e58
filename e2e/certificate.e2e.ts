import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { browserForFile } from './browser.ts'
import { overflowOf, violationsOf } from './complaints.ts'
import { root } from './installation.ts'
import { own } from './pages.ts'
import { signUp } from './people.ts'

const openTab = browserForFile()
const slug = 'el-cielo-a-simple-vista'
const lessons = readdirSync(join(root, 'content', slug, 'episodes')).filter((name) =>
  name.endsWith('.md'),
).length

test.skipIf(!own)(
  'whoever completes a course has a certificate that anyone can check',
  async () => {
    const { page, complaints, close } = await openTab()
    const email = 'certified@example.org'
    await signUp(page, 'Zoë Żółć', email)

    await complete(page)
    const certificate = new URL(page.url()).pathname.split('/').at(-1)
    await page.getByRole('main').getByText('Zoë Żółć').waitFor()
    expect(await violationsOf(page)).toEqual([])
    expect(await overflowOf(page)).toEqual([])
    await page.setViewportSize({ width: 320, height: 800 })
    expect(await overflowOf(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await violationsOf(page)).toEqual([])
    expect(complaints).toEqual([])
    await close()

    const nobody = await openTab()
    const seen = await nobody.page.goto(`/es/certificates/${certificate}`)
    expect(seen?.status()).toBe(200)
    await nobody.page.getByText('Válido.').waitFor()
    expect(await nobody.page.title()).toContain('certificado de Zoë Żółć')
    const href = await nobody.page
      .getByRole('link', { name: 'Descargar en PDF' })
      .getAttribute('href')
    const pdf = await nobody.page.request.get(href ?? '')
    expect(pdf.headers()['content-type']).toBe('application/pdf')
    expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-')
    const credential = await nobody.page.request.get(`/credentials/${certificate}`)
    expect(credential.headers()['access-control-allow-origin']).toBe('*')
    expect(await credential.json()).toMatchObject({
      type: ['VerifiableCredential', 'OpenBadgeCredential'],
      proof: { cryptosuite: 'eddsa-rdfc-2022' },
    })

    const revoked = await fetch(
      new URL(`/api/certificates/${certificate}/revoke`, nobody.page.url()),
      {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${own?.COLONNADE_API_TOKEN}`,
          'Content-Type': 'application/json',
        },
        body: JSON.stringify({ reason: 'Fue un ensayo.' }),
      },
    )
    expect(revoked.status).toBe(204)
    await nobody.page.reload()
    await nobody.page.getByText('Fue un ensayo.').waitFor()
    await nobody.close()
  },
)

/** Enrols, marks one lesson after the other as done, and follows the link to the certificate, as people do. */
async function complete(page: Page): Promise<void> {
  await page.goto(`/enrol/${slug}`)
  await page.getByRole('button', { name: 'Enrol', exact: true }).click()
  await page.waitForURL(new RegExp(`/my/courses/${slug}$`))
  for (let done = 1; done <= lessons; done++) {
    await page
      .getByRole('button', { name: /^Mark as done/ })
      .first()
      .click()
    await page.getByText(`${done} of ${lessons} lessons done`).waitFor()
  }
  const link = page.getByRole('main').getByRole('link', { name: 'Certificate' })
  // It is made in the background, within seconds.
  await expect
    .poll(
      async () => {
        await page.reload()
        return await link.count()
      },
      { timeout: 20_000 },
    )
    .toBe(1)
  await link.click()
  await page.waitForURL(/\/certificates\//)
}
