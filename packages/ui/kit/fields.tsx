import type { ReactElement } from 'react'
import { DeskLinks } from '../components/desk-links.tsx'
import { FileField } from '../components/file-field.tsx'
import { Form } from '../components/form.tsx'
import { Section } from '../components/section.tsx'
import { ChoiceField, TextField } from '../components/text-field.tsx'
import type { Translator } from '../translator.ts'
import { longName } from './data.ts'

/** What people fill in, and how they get about on pages of their own. */
export function Fields({ t }: { t: Translator }): ReactElement {
  return (
    <Section id="kit-fields" title="Fields">
      <Form action="#kit-fields" submit={t.t('account.save')} look="plain">
        <TextField id="kit-name" name="name" label={t.t('account.name')} value={longName} />
        <TextField
          id="kit-password"
          name="password"
          type="password"
          label={t.t('account.password')}
          hint={t.t('account.password.hint')}
          error={t.t('account.password.short')}
          autoComplete="new-password"
        />
        <ChoiceField
          id="kit-choice"
          name="choice"
          label={t.t('account.language')}
          value="es"
          choices={[
            { value: 'en', label: 'English' },
            { value: 'es', label: 'español' },
          ]}
        />
        <FileField
          id="kit-file"
          name="file"
          label={t.t('desk.upload.zip')}
          hint={t.t('desk.upload.zip.hint')}
        />
      </Form>
      <DeskLinks
        label={t.t('desk.nav')}
        links={[
          { label: t.t('desk.nav.course'), href: '#kit-fields', current: true },
          { label: t.t('desk.nav.report'), href: '#kit-pager', current: false },
        ]}
      />
    </Section>
  )
}
