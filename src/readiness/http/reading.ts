/** In bytes: what is longer is not read to its end. */
export const LONGEST_ANSWER = 1_000_000

/** Which a text may begin with; some parsers of JSON drop it, others take nothing with it. */
export const BYTE_ORDER_MARK = '\uFEFF'

/** By their names in small letters; those that come several times joined by a comma, also cookies. */
export const headersOf = (headers: Headers): Readonly<Record<string, string>> => {
  const read = new Map<string, string>()
  for (const [name, value] of headers) {
    const before = read.get(name)
    read.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return Object.fromEntries(read)
}

/** The text of an answer with the byte order mark it may begin with, at most a megabyte of it. @throws what befell the connection */
export const textOf = async (response: Response): Promise<string> => {
  if (response.body === null) return ''
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const reader = response.body.getReader()
  let text = ''
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    const chunk = value.subarray(0, LONGEST_ANSWER - length)
    text += decoder.decode(chunk, { stream: true })
    length += chunk.length
    if (length >= LONGEST_ANSWER) {
      await reader.cancel()
      return text
    }
  }
}
