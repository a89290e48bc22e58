import type { Visit } from '@colonnade/personal'
import { FileField, Form, Section } from '@colonnade/ui'
import { createElement, type ReactElement } from 'react'
import css from '../elements/desk.module.css'
import { uploadPath } from './paths.ts'

/** Where a folder or an archive is sent, for a new course or for the next version of one. */
export function UploadForms(props: {
  visit: Visit
  title: string
  /** The slug of the course that it is a new version of. */
  course?: string
}): ReactElement {
  const { visit, title, course } = props
  const { t, local } = visit
  const action = local(uploadPath)
  const replaces = course ? <input type="hidden" name="course" value={course} /> : null
  return (
    <Section id="upload" title={title} margin={<p>{t.t('desk.upload.hint')}</p>}>
      <div className={css.uploads}>
        {createElement(
          'course-upload',
          {
            'data-sending': t.t('desk.upload.sending'),
            'data-failed': t.t('desk.upload.failed'),
          },
          <Form action={action} submit={t.t('desk.upload.folder.send')} look="plain" files>
            {replaces}
            <FileField
              id="folder"
              name="folder"
              folder
              label={t.t('desk.upload.folder')}
              hint={t.t('desk.upload.folder.hint')}
            />
          </Form>,
          <p className="quiet" role="status" />,
        )}
        <Form action={action} submit={t.t('desk.upload.zip.send')} look="plain" files>
          {replaces}
          <FileField
            id="zip"
            name="zip"
            accept=".zip,application/zip"
            label={t.t('desk.upload.zip')}
            hint={t.t('desk.upload.zip.hint')}
          />
        </Form>
      </div>
    </Section>
  )
}
