import { type Image, pictureOf, variantPath, variantWidths } from '@colonnade/media/contract'
import { Button, Drum, Picture } from '@colonnade/ui'
import type { ReactElement } from 'react'
import css from '../elements/account.module.css'
import type { Visit } from './visit.ts'

const accepted = 'image/jpeg,image/png,image/webp,image/avif,image/gif'

/** Address of the smallest picture that is made of a photo. */
export function smallPhoto(photo: Image): string {
  const [width = photo.width] = variantWidths(photo)
  return variantPath(photo.id, width, 'webp')
}

/** A person's photo, or their initials. The name stands beside it. */
export function Portrait(props: { photo: Image | null; name: string }): ReactElement {
  const { photo, name } = props
  if (!photo) return <Drum name={name} size={96} />
  return <Picture {...pictureOf(photo)} alt="" sizes="96px" loading="eager" className={css.photo} />
}

/** Takes a photo, and takes it away again. */
export function PhotoForm({ visit, hasPhoto }: { visit: Visit; hasPhoto: boolean }): ReactElement {
  const { t, local } = visit
  return (
    <div className={css.photoForms}>
      <form
        className={css.photoForm}
        method="post"
        encType="multipart/form-data"
        action={local('/account/photo')}
      >
        <label htmlFor="photo">{t.t('account.photo')}</label>
        <input
          id="photo"
          name="photo"
          type="file"
          accept={accepted}
          required
          aria-describedby="photo-hint"
        />
        <span id="photo-hint" className="quiet small">
          {t.t('account.photo.hint')}
        </span>
        <Button type="submit">{t.t('account.photo.save')}</Button>
      </form>
      {hasPhoto ? (
        <form method="post" action={local('/account/photo/remove')}>
          <Button type="submit" look="quiet">
            {t.t('account.photo.remove')}
          </Button>
        </form>
      ) : null}
    </div>
  )
}
