import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { browserForFile } from './browser.ts'
import { overflowOf, violationsOf } from './complaints.ts'
import { root } from './installation.ts'
import { own } from './pages.ts'
import { signUp } from './people.ts'

const openTab = browserForFile()
const slug = 'el-cielo-a-simple-vista'
/** A lesson is known by its file. */
const lessons = readdirSync(join(root, 'content', slug, 'episodes'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `episodes/${name}`)

test.skipIf(!own)(
  'whoever completes a course has a certificate that anyone can check',
  async () => {
    const { page, complaints, close } = await openTab()
    const email = 'certified@example.org'
    await signUp(page, 'Zoë Żółć', email)

    const certificate = await page.evaluate(complete, { slug, lessons })
    await page.goto(`/certificates/${certificate}`)
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

/** In the page: enrols, marks every lesson done, and waits for the certificate. @returns its number */
async function complete({
  slug,
  lessons,
}: {
  slug: string
  lessons: readonly string[]
}): Promise<string> {
  const ask = async (path: string, body?: object) => {
    const init = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    }
    return await (await fetch(path, body && init)).json()
  }
  const { items } = await ask('/api/courses?limit=100')
  const { id: courseId } = items.find((one: { slug: string }) => one.slug === slug)
  const { id } = await ask('/api/enrolments', { courseId })
  const entries = lessons.map((lesson) => ({
    ...{ id: crypto.randomUUID().replace(/-4/, '-7'), type: 'done', at: Date.now() },
    ...{ lesson, data: {} },
  }))
  await ask(`/api/enrolments/${id}/log`, { entries })
  for (let i = 0; i < 100; i++) {
    const { certificate } = await ask(`/api/enrolments/${id}`)
    if (certificate) return certificate
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('no certificate came')
}
