import { describe, expect, it } from 'vitest'
import { leaksInTexts, secretsOfRegistrations } from '../../support/sample/leaks.ts'

const leaks = (file: string, text: string, secret: string): readonly string[] =>
  leaksInTexts(new Map([[file, text]]), [{ what: 'name', text: secret }])

describe('the search for what a sample gives away', () => {
  it('finds a name that is a part of a word of the format, or one, where it stands as a value', () => {
    for (const name of ['user', 'admin', 'password', 'display_name', 'users']) {
      expect(leaks('users.jsonl', JSON.stringify({ name: `@${name}:a.b` }), name), name).not.toEqual([])
      expect(leaks('appservice-1.yaml', `sender_localpart: ${name}\n`, name), name).not.toEqual([])
    }
    expect(leaks('users.jsonl', JSON.stringify({ name: 'my password_hash' }), 'password_hash')).not.toEqual([])
  })

  it('excuses words of the format where they stand as such', () => {
    const row = JSON.stringify({ password_hash: null, user_id: '@x:y', medium: 'email_old', admin: '1' })
    for (const name of ['password_hash', 'password', 'email_old', 'admin', 'user_id']) {
      expect(leaks('users.jsonl', row, name), name).toEqual([])
    }
    expect(leaks('manifest.json', '{"tables": {"user_external_ids": {}}}', 'external_ids')).toEqual([])
  })

  it('knows what registrations of application services name', () => {
    const services = [
      {
        id: 'contoso-bridge',
        file: '',
        sender: 'contosobot',
        msc4190: false,
        users: [{ regex: '@(?P<fabrikam>x)_[a-z]+:contoso\\.example', exclusive: true }],
      },
    ]
    expect(secretsOfRegistrations(services).map(({ text }) => text)).toEqual(
      expect.arrayContaining(['contoso-bridge', 'contosobot', 'fabrikam', 'contoso']),
    )
  })
})
