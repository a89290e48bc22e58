import { randomBytes } from 'node:crypto'
import { apiTokenPrefix, type Scope, uuidv7 } from '@colonnade/http'
import { refused } from '@colonnade/personal'
import {
  Button,
  ChoiceField,
  Empty,
  Form,
  type MessageId,
  Notice,
  Section,
  Sheet,
  TextField,
  type Translator,
} from '@colonnade/ui'
import { digestOf } from '../digest.ts'
import css from '../elements/account.module.css'
import {
  type ApiTokenRow,
  addApiToken,
  listApiTokens,
  removeApiToken,
} from '../queries/api-tokens.ts'
import type { Desk, SignedIn, Visit } from './visit.ts'

/** Days a token may live. None lives forever: what is forgotten ends by itself. */
const lives = [7, 30, 90, 365] as const
const mostTokens = 50

type Shown = { made?: string; name?: string; chosen?: readonly string[]; wrong?: MessageId }

/** The person's API tokens, and the form that makes one; one that was just made is shown this once. */
export async function showApiTokens(
  visit: Visit,
  { person }: SignedIn,
  { db, scopes }: Desk,
  { made, name, chosen = [], wrong }: Shown = {},
): Promise<Response> {
  const { t, local, page } = visit
  const title = t.t('tokens.title')
  const action = local('/account/tokens')
  const tokens = await listApiTokens(db.hot, person.id)
  return page(
    <>
      <Sheet title={title}>
        <p className="quiet">{t.t('tokens.about')}</p>
        {wrong ? <Notice kind="error">{t.t(wrong)}</Notice> : null}
        {made ? (
          <Notice>
            <p>{t.t('tokens.made')}</p>
            <p>
              <code className={css.secret}>{made}</code>
            </p>
          </Notice>
        ) : null}
        {tokens.length === 0 ? <Empty title={t.t('tokens.none')} /> : null}
        <ul className={css.list}>
          {tokens.map((token) => (
            <Token key={token.id} token={token} t={t} action={action} />
          ))}
        </ul>
      </Sheet>
      <Section id="new-token" title={t.t('tokens.new')}>
        <Form action={action} submit={t.t('tokens.make')}>
          <TextField
            id="token-name"
            name="name"
            label={t.t('tokens.name')}
            hint={t.t('tokens.name.hint')}
            maxLength={100}
            value={name}
          />
          <fieldset className={css.choices}>
            <legend>{t.t('tokens.scopes')}</legend>
            {scopes
              .filter(({ role }) => person.roles.includes(role))
              .map((scope) => (
                <label key={scope.name}>
                  <input
                    type="checkbox"
                    name="scope"
                    value={scope.name}
                    defaultChecked={chosen.includes(scope.name)}
                  />
                  <span>
                    <code>{scope.name}</code> <ScopeText scope={scope} t={t} />
                  </span>
                </label>
              ))}
          </fieldset>
          <ChoiceField
            id="token-days"
            name="days"
            label={t.t('tokens.life')}
            value="90"
            choices={lives.map((days) => ({
              value: String(days),
              label: t.t('tokens.days', { days }),
            }))}
          />
        </Form>
      </Section>
    </>,
    title,
    wrong ? { status: 422 } : {},
  )
}

function Token(props: { token: ApiTokenRow; t: Translator; action: string }) {
  const { token, t, action } = props
  return (
    <li className={css.item}>
      <span>
        {token.name}
        <br />
        <span className="quiet small">
          {token.scopes.join(', ')}
          <br />
          {t.t(token.expired ? 'tokens.expired' : 'tokens.expires', {
            date: t.date(token.expiresAt),
          })}
          {' · '}
          {token.usedAt
            ? t.t('tokens.used', { date: t.date(token.usedAt) })
            : t.t('tokens.used.never')}
        </span>
      </span>
      <form method="post" action={action}>
        <Button type="submit" name="revoke" value={token.id}>
          {t.t('tokens.revoke')}
          <span className="visually-hidden"> {token.name}</span>
        </Button>
      </form>
    </li>
  )
}

/** What a scope means; the name alone where a service has brought one that has no text. */
function ScopeText({ scope, t }: { scope: Scope; t: Translator }) {
  const id = scopeTexts.find((known) => known === `scope.${scope.name}`)
  return id ? <span className="quiet">{t.t(id)}</span> : null
}

const scopeTexts = [
  'scope.account:read',
  'scope.courses:write',
  'scope.instructors:write',
  'scope.learning:read',
  'scope.learning:write',
  'scope.media:delete',
  'scope.media:write',
  'scope.reviews:write',
] as const satisfies readonly MessageId[]

/** Makes a token, or revokes one of the person's own: everywhere within a minute. */
export async function saveApiTokens(visit: Visit, who: SignedIn, desk: Desk): Promise<Response> {
  const { form } = visit
  const revoked = form.get('revoke')
  if (revoked === null) return await makeApiToken(visit, who, desk)
  const was = await removeApiToken(desk.db.hot, who.person.id, revoked)
  return was ? visit.goTo('/account/tokens') : refused(visit, 404)
}

async function makeApiToken(visit: Visit, who: SignedIn, desk: Desk): Promise<Response> {
  const { form } = visit
  const { person } = who
  const name = (form.get('name') ?? '').trim().replace(/\s+/g, ' ')
  const chosen = form.getAll('scope')
  const days = lives.find((one) => String(one) === form.get('days'))
  const scopes = desk.scopes
    .filter((scope) => chosen.includes(scope.name) && person.roles.includes(scope.role))
    .map((scope) => scope.name)
  const again = (wrong: MessageId) => showApiTokens(visit, who, desk, { name, chosen, wrong })
  if (name === '' || name.length > 100) return await again('tokens.name.wrong')
  if (scopes.length === 0 || scopes.length < chosen.length)
    return await again('tokens.scopes.wrong')
  if (!days) return refused(visit, 404)
  const made = apiTokenPrefix + randomBytes(32).toString('base64url')
  const row = { id: uuidv7(), digest: digestOf(made), person: person.id, name, scopes, days }
  if (!(await addApiToken(desk.db.hot, row, mostTokens))) return await again('tokens.most')
  return await showApiTokens(visit, who, desk, { made })
}
