/** Texts about actions on messages: replies, forwarding, days, earlier versions, links. */
export const enMessages = {
  reply: {
    to: 'In answer to',
    answering: 'Replying to {{name}}',
    cancel: 'Don’t answer',
    gone: 'What this answers is not there any more',
    hidden: 'Said by somebody you don’t want to hear',
    label: 'Answer to {{name}}. {{label}}',
    someone: 'a message',
  },
  forward: {
    mark: 'Forwarded',
    title: 'Forward to',
    field: 'A person, a chat or a room',
    sent: 'Forwarded to {{name}}',
  },
  reactions: {
    title: 'Who reacted',
    kinds: 'Which reaction',
    all: 'All',
    loading: 'Looking who it was …',
    others: '{{count}} more',
  },
  edits: {
    title: 'What it said before',
    hint: 'Only its author and moderators see this. It goes when the message is deleted.',
    loading: 'Looking it up …',
    now: 'as it stands',
  },
  day: {
    title: 'Jump to a day',
    jump: 'Jump to another day',
    first: 'The very beginning',
    choose: 'Or choose a day',
    go: 'Go',
  },
  link: {
    copied: 'Link copied',
  },
  suggest: {
    label: 'What you may mean',
  },
  permalink: {
    title: 'This message cannot be shown',
    text: 'It was deleted, has expired, or is in a place that is not open to you. Whoever gave you the link may know more.',
    lobby: 'Go to the lobby',
    loading: 'Looking for the message',
  },
} as const;
