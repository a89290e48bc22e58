import type { Sql } from '@colonnade/db'

/** All that accounts holds of a person, but what would let somebody sign in: for the person to read. */
export async function findOwnData(sql: Sql, person: string): Promise<unknown> {
  const [row] = await sql<{ data: unknown }[]>`
    select json_build_object(
      'profile', json_build_object('id', p.id, 'name', p.name, 'email', p.email,
        'emailConfirmed', p.email_verified, 'roles', p.roles, 'language', p.language,
        'timeZone', p.time_zone, 'photo', p.photo -> 'id', 'createdAt', p.created_at,
        'changedAt', p.updated_at),
      'waysToSignIn', (select coalesce(json_agg(json_build_object('by', provider_id,
          'account', case when provider_id = 'credential' then null else account_id end,
          'createdAt', created_at) order by created_at), '[]')
        from accounts.credential where person_id = p.id),
      'sessions', (select coalesce(json_agg(json_build_object('browser', user_agent,
          'address', ip_address, 'createdAt', created_at, 'endsAt', expires_at) order by created_at), '[]')
        from accounts.session where person_id = p.id),
      'secondFactorSince', (select confirmed_at from accounts.second_factor where person_id = p.id),
      'apiTokens', (select coalesce(json_agg(json_build_object('name', name, 'scopes', scopes,
          'createdAt', created_at, 'endsAt', expires_at, 'usedAt', used_at) order by created_at), '[]')
        from accounts.api_token where person_id = p.id),
      'mailsRefused', (select coalesce(json_agg(json_build_object('kind', kind,
          'refusedAt', refused_at) order by kind), '[]')
        from accounts.mail_refusal where person_id = p.id),
      'mailsSent', (select coalesce(json_agg(json_build_object('about', key,
          'at', created_at) order by created_at), '[]')
        from accounts.mail_key where person_id = p.id),
      'mailsWaiting', (select coalesce(json_agg(json_build_object('subject', subject) order by id), '[]')
        from accounts.mail where recipient = p.email)
    ) as data
    from accounts.person p where p.id = ${person}`
  return row?.data
}

/** When a session began; who has no password shows by a new one that it is they. */
export async function findSessionAge(sql: Sql, session: string): Promise<number | undefined> {
  const [row] = await sql<{ seconds: number }[]>`
    select extract(epoch from now() - created_at)::float8 as seconds
    from accounts.session where id = ${session}`
  return row?.seconds
}
