import type { SynapseApplicationService } from './configuration.ts'
import { tellOthers } from './story/others.ts'
import { tellPeople } from './story/people.ts'
import { tellSessions } from './story/sessions.ts'
import { tellSso } from './story/sso.ts'
import { type StoryScene, startTelling } from './story/teller.ts'

/** What happened, as far as the server chose it or its database does not say it. */
export interface ToldStory {
  /** Texts by the `$labels` of real-synapse.yaml, without the `$`. */
  readonly labels: Readonly<Record<string, string>>
  /** Passwords that log in, by mxid; locked accounts are among them. */
  readonly passwords: ReadonlyMap<string, string>
}

/** The bridge of the story: its ghosts, and users of everybody's that it may only watch. */
export const storyApplicationService: SynapseApplicationService = {
  id: 'irc',
  token: 'irc-as-token',
  senderLocalpart: '_irc_bot',
  users: [
    { regex: '@_irc_.*:story\\.example', exclusive: true },
    { regex: '@shared_.*:story\\.example', exclusive: false },
  ],
}

/** Makes the accounts of real-synapse.yaml on a new Synapse through its own APIs. */
export const tellStory = async (scene: StoryScene): Promise<ToldStory> => {
  const teller = await startTelling(scene)
  await tellPeople(teller)
  await tellSso(teller)
  await tellSessions(teller)
  await tellOthers(teller)
  return { labels: Object.fromEntries(teller.labels), passwords: teller.passwords }
}
