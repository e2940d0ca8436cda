import type { Teller } from './teller.ts'

/** real-synapse/people.yaml */
export const tellPeople = async ({ putUser, login, call, mxid, adminToken, passwords }: Teller): Promise<void> => {
  // ﬁ is one character that NFKC makes two, ① becomes 1, and é is written as e and an accent.
  await putUser('fingers', { password: 'ﬁance\u0301 ①' })
  await login('fingers', 'fingers.nfkc', { deviceId: 'NFKC' })
  await putUser('longpass', { password: 'long '.repeat(16) })

  await putUser('contacts', {
    password: 'contacts’ password',
    threepids: [
      { medium: 'email', address: ' Mixed.Case@Story.Example ' },
      { medium: 'msisdn', address: '447700900123' },
      { medium: 'msisdn', address: '+447700900123' },
      { medium: 'email', address: 'taken@story.example' },
    ],
  })
  await putUser('taker', {
    password: 'taker’s password',
    threepids: [{ medium: 'email', address: 'taken@story.example' }],
  })

  await putUser('locked', { password: 'locked’s password' })
  await login('locked', 'locked.device', { deviceId: 'LOCKED' })
  await putUser('locked', { locked: true })

  for (const localpart of ['deactivated', 'erased']) {
    await putUser(localpart, {
      password: `${localpart}’s password`,
      threepids: [{ medium: 'email', address: `${localpart}@story.example` }],
    })
    await login(localpart, `${localpart}.device`, { deviceId: 'GONE' })
  }
  await putUser('deactivated', {
    external_ids: [{ auth_provider: 'oidc-op', external_id: 'deactivated-subject' }],
  })
  for (const [localpart, erase] of [
    ['deactivated', false],
    ['erased', true],
  ] as const) {
    const path = `/_synapse/admin/v1/deactivate/${encodeURIComponent(mxid(localpart))}`
    await call('POST', path, { token: adminToken, body: { erase } })
    passwords.delete(mxid(localpart))
  }
  await putUser('nothing', {})
}
