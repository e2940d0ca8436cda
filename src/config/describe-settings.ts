import { redactUrls } from '../errors/redact-urls.ts'
import type { ReportRequest } from '../report/report-kinds.ts'
import { rulesOf, SETTING_KEYS, type SettingKey, type Settings } from './settings.ts'

/** One setting as a person may see it. */
export interface DescribedSetting {
  readonly key: string
  /** Redacted; undefined when nobody gave it. */
  readonly value: string | undefined
  readonly origin: string | undefined
}

const isReport = (value: unknown): value is ReportRequest => typeof value === 'object'

const asText = (value: Settings[SettingKey]): string | undefined => {
  if (value === undefined) return undefined
  const list: readonly unknown[] = [value.value].flat()
  return list.map((each) => (isReport(each) ? `${each.kind}=${each.file}` : String(each))).join(', ')
}

/** Every setting with its origin, for `config inspect`. Passwords are replaced. */
export const describeSettings = (settings: Settings): readonly DescribedSetting[] =>
  SETTING_KEYS.map((key) => {
    const setting = settings[key]
    const value = asText(setting)
    return {
      key,
      value: value !== undefined && rulesOf(key).secret === true ? redactUrls(value) : value,
      origin: setting?.origin,
    }
  })
