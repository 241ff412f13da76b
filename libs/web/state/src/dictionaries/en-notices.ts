/** Texts about who is here, and about how much of what happens somebody wants to hear. */
export const enNotices = {
  presence: {
    online: 'Online',
    idle: 'Away',
    offline: 'Offline',
    seen: {
      justNow: 'Last seen a few minutes ago',
      minutes: 'Last seen {{count}} minutes ago',
      today: 'Last seen today at {{time}}',
      yesterday: 'Last seen yesterday at {{time}}',
      on: 'Last seen on {{date}}',
    },
  },
  notices: {
    title: 'Notices',
    now: 'Notices: {{level}}',
    isQuiet: 'Quieter',
    isNamed: 'You are mentioned',
    levels: { all: 'All', mentions: 'Only mentions', none: 'Nothing' },
    hints: {
      all: 'Every message counts, and you are told of it.',
      mentions: 'Only what names you counts. The rest waits without a word.',
      none: 'Nothing counts, and you are told of nothing.',
    },
    muteFor: 'Mute for',
    spans: { hour: '1 hour', hours: '8 hours', week: '1 week', always: 'Until I turn it on' },
    mutedUntil: 'Muted until {{when}}.',
    mutedAlways: 'Muted until you turn it on.',
    mutedHint: 'What names you still counts.',
    unmute: 'Turn on',
    device: {
      title: 'Notices',
      text: 'On this device, while Cloudhop is behind something else: private messages, groups, mentions, requests. One notice per conversation, gone once you have read it.',
      show: 'Show notices',
      showHint: 'The browser asks you once whether it may.',
      sample: 'This is how you will be told.',
      sound: 'Play a soft sound',
      soundHint: 'Once when something new begins to wait.',
      undecided: 'The browser has not allowed it yet. You can try again.',
      denied:
        'The browser blocks notices of this page. Press the sign beside the address, allow notifications there, and then switch them on here.',
      none: 'This browser has no notices of pages, or not at this address. The numbers in the title and at the doors still say what is new.',
    },
  },
} as const;
