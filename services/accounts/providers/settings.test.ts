import { expect, test } from 'vitest'
import { readProviders } from './settings.ts'

const complete = {
  OIDC_MY_SCHOOL_ISSUER: 'https://id.school.example',
  OIDC_MY_SCHOOL_CLIENT_ID: 'colonnade',
  OIDC_MY_SCHOOL_CLIENT_SECRET: 'secret',
}

test('a provider is what the environment says of it', () => {
  expect(readProviders({ ...complete, OIDC_A_ISSUER: ' ', PATH: '/bin' })).toEqual({
    providers: [
      {
        name: 'my-school',
        label: 'My school',
        issuer: 'https://id.school.example',
        clientId: 'colonnade',
        clientSecret: 'secret',
      },
    ],
    wrong: [],
  })
})

test.each([
  ['without a secret', { OIDC_MY_SCHOOL_CLIENT_SECRET: '' }, 'CLIENT_SECRET is needed'],
  ['over plain http', { OIDC_MY_SCHOOL_ISSUER: 'http://id.school.example' }, 'ISSUER needs https'],
  ['at no address', { OIDC_MY_SCHOOL_ISSUER: 'school' }, 'OIDC_MY_SCHOOL_ISSUER '],
])('one %s is refused, and the message names the setting', (_, change, told) => {
  const { providers, wrong } = readProviders({ ...complete, ...change })
  expect(providers).toEqual([])
  expect(wrong.join('\n')).toContain(told)
})
