/** Parts of the localparts of people and ghosts. */
export const FIRST_NAMES = [
  'maria',
  'ivan',
  'aisha',
  'chen',
  'lena',
  'omar',
  'sofia',
  'yuki',
  'jonas',
  'fatima',
  'pedro',
  'amara',
  'noah',
  'ines',
  'raj',
  'elif',
  'tomas',
  'grace',
  'minh',
  'zoe',
  'kofi',
  'anna',
  'diego',
  'nadia',
] as const

export const LAST_NAMES = [
  'ivanova',
  'schmidt',
  'khan',
  'wei',
  'rossi',
  'haddad',
  'silva',
  'tanaka',
  'berg',
  'diallo',
  'garcia',
  'okafor',
  'smith',
  'novak',
  'patel',
  'yilmaz',
  'dupont',
  'nguyen',
  'larsen',
  'cohen',
  'mensah',
  'kowalski',
  'morales',
  'petrov',
] as const

export const MAIL_DOMAINS = ['mail.example', 'post.example', 'university.example', 'work.example'] as const

/** Display names in the scripts of the world; people without one too. */
export const DISPLAY_NAMES = [
  'Мария Иванова',
  '王小明',
  'أحمد حداد',
  'Ελένη Παπαδοπούλου',
  'ประยุทธ์',
  '이서연',
  'שרה כהן',
  'Zoë Müller-Ångström',
  'हिमांशु पटेल',
  '🦊 the fox',
  'さくら',
  'Nguyễn Văn Minh',
  'Jane Smith',
  'J. R. “Bob” Dobbs',
  'Łukasz',
  null,
] as const

export const CLIENT_NAMES = [
  'Element Web on Linux',
  'Element X Android',
  'Element X iOS',
  'app.element.io: Firefox on macOS',
  'FluffyChat',
  'Nheko',
  'Телефон',
  '書斎のパソコン',
  'two\nlines',
  '',
  null,
] as const

export const USER_AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0',
  'Element X/26.10.0 (Google Pixel 8; Android 16)',
  'Element X/26.10.0 (iPhone 15; iOS 19.0)',
  'matrix-nio/0.25',
  null,
] as const

/** Device names of the three pseudo-devices that hold a person's cross-signing keys. */
export const CROSS_SIGNING = ['master signing key', 'self_signing signing key', 'user_signing signing key'] as const
