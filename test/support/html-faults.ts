const EVERY_TAG =
  /<!doctype html>|<(?<end>\/?)(?<name>[a-z][a-z0-9]*)(?<attributes>(?: [a-zA-Z-]+="[^"<>]*")*)(?<empty>\/?)>/gu

const OUR_ELEMENTS = new Set(
  (
    'html head meta title style body main header footer section h1 h2 h3 h4 p b span small div dl dt dd ol ul li pre code ' +
    'table caption thead tbody tfoot tr th td wbr svg rect path circle g text figure figcaption details summary bdi nav a'
  ).split(' '),
)

const OUR_ATTRIBUTES = new Set(
  (
    'lang charset http-equiv content name class scope colspan role tabindex aria-label aria-hidden viewBox ' +
    'preserveAspectRatio width height x y cx cy r d text-anchor dominant-baseline id href'
  ).split(' '),
)

const VOID = new Set(['meta', 'wbr'])

/** Reads a page as strictly as we write it; returns what is not ours or not closed in order. */
export const htmlFaults = (page: string): readonly string[] => {
  const style = /<style>[^<]*<\/style>/u
  const markup = page.replace(style, '<style></style>')
  const found: string[] = []
  const open: string[] = []
  for (const { groups } of markup.matchAll(EVERY_TAG)) {
    const name = groups?.['name']
    if (name === undefined) continue
    if (!OUR_ELEMENTS.has(name)) found.push(`element ${name}`)
    for (const [, attribute = ''] of (groups?.['attributes'] ?? '').matchAll(/ ([a-zA-Z-]+)="[^"]*"/gu))
      if (!OUR_ATTRIBUTES.has(attribute)) found.push(`attribute ${attribute}`)
    if (groups?.['end'] === '/') {
      const last = open.pop()
      if (last !== name) found.push(`</${name}> closes <${last ?? 'nothing'}>`)
    } else if (groups?.['empty'] !== '/' && !VOID.has(name)) open.push(name)
  }
  const rest = markup.replace(EVERY_TAG, '')
  if (/[<>"]/u.test(rest)) found.push('a character of markup between the tags')
  if (/&(?!(?:amp|lt|gt|quot|#39);)/u.test(rest)) found.push('an ampersand that is not escaped')
  return [...found, ...open.map((name) => `<${name}> is never closed`)]
}
