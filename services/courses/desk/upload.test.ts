import { beforeAll, expect, test } from 'vitest'
import { folder, openCourses, zipOf } from '../fixture/service.ts'

let service: Awaited<ReturnType<typeof openCourses>>
let teacher: ReturnType<(typeof service)['visitor']>
beforeAll(async () => {
  service = await openCourses()
  teacher = service.visitor('instructor')
})

const count = async () => {
  const [row] = await service.db.work<{ count: number }[]>`
    select count(*)::int as count from courses.revision`
  return row?.count
}

/** Sends files as a browser sends a folder: each under its path. */
async function sendFolder(files: Record<string, string>) {
  const form = new FormData()
  for (const [path, text] of Object.entries(files)) form.append('folder', new File([text], path))
  return await teacher.post('/teach/-/upload', form)
}

test('a folder arrives file by file, without what lies about in it', async () => {
  const files = Object.entries(folder({ 'colonnade/course.yaml': 'slug: by-folder\n' }))
  const sent = Object.fromEntries(files.map(([path, text]) => [`bread/${path}`, text]))
  const answer = await sendFolder({ ...sent, 'bread/.git/config': 'x', 'bread/.DS_Store': 'x' })
  expect(answer.headers.get('location')).toBe('/teach/by-folder?done=draft')
})

test('what is wrong is said with its file and line, and nothing is lost', async () => {
  await teacher.upload(await zipOf(folder()))
  const before = await teacher.draft('measuring-bread')
  const broken = folder({ 'colonnade/course.yaml': 'slug: measuring-bread\nsubject: alchemy\n' })
  const answer = await teacher.upload(await zipOf(broken), 'measuring-bread')
  expect(answer.status).toBe(422)
  const page = await answer.text()
  expect(page).toContain('colonnade/course.yaml:2')
  expect(page).toContain('Nothing was changed')
  expect(page).toContain('id="upload"')
  expect(await teacher.draft('measuring-bread')).toBe(before)
})

/** An archive whose one path is another than it was made with, of the same length. */
async function renamed(name: string) {
  const placeholder = 'q'.repeat(name.length)
  const zip = Buffer.from(await zipOf({ [placeholder]: 'x' }))
  return new Uint8Array(Buffer.from(zip.toString('latin1').replaceAll(placeholder, name), 'latin1'))
}

/** The attributes of a symbolic link in place of a file's, in the archive's directory. */
async function linked() {
  const zip = Buffer.from(await zipOf({ 'config.yaml': '/etc/passwd' }))
  const entry = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]))
  zip.writeUInt32LE((0o120777 << 16) >>> 0, entry + 38)
  return new Uint8Array(zip)
}

test.each([
  ['a path that leads out', () => renamed('../../config.yaml'), 'archive.zip'],
  ['an absolute path', () => renamed('/etc/config.yaml'), 'archive.zip'],
  ['a symbolic link', linked, 'It is a symbolic link.'],
  ['a bomb', () => zipOf({ 'config.yaml': 'a'.repeat(8 * 1024 * 1024) }), 'far more than its size'],
  ['no archive', async () => new TextEncoder().encode('no zip'), 'archive.zip'],
])('refuses %s', async (_, make, said) => {
  const before = await count()
  const answer = await teacher.upload(await make())
  expect(answer.status).toBe(422)
  expect(await answer.text()).toContain(said)
  expect(await count()).toBe(before)
})

test.each(['../config.yaml', '/config.yaml', 'bread/../../config.yaml'])(
  'refuses a folder with the path %s',
  async (path) => {
    const before = await count()
    const answer = await sendFolder({ [path]: 'title: x' })
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('not one inside the folder')
    expect(await count()).toBe(before)
  },
)

test('says that nothing arrived, or that it is too large', async () => {
  expect((await teacher.form('/teach/-/upload')).status).toBe(422)
  const cut = await teacher.post('/teach/-/upload', '--x\r\nno form', {
    'Content-Type': 'multipart/form-data; boundary=x',
  })
  expect(cut.status).toBe(422)
  const large = await teacher.post('/teach/-/upload', 'x', {
    'Content-Type': 'multipart/form-data; boundary=x',
    'Content-Length': String(200 * 1024 * 1024),
  })
  expect(large.status).toBe(413)
})
