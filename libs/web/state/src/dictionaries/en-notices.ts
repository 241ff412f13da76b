/** Texts about presence, and about notification levels. */
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
    title: 'Notifications',
    now: 'Notifications: {{level}}',
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
    unmute: 'Unmute',
    device: {
      title: 'Notifications',
      text: 'On this device, while Cloudhop is behind something else: private messages, groups, mentions, requests. One notification per conversation, gone once you’ve read it.',
      show: 'Show notifications',
      showHint: 'The browser asks you once whether it may.',
      sample: 'This is how you will be told.',
      sound: 'Play a soft sound',
      soundHint: 'Once when a new message arrives.',
      undecided: 'The browser has not allowed it yet. You can try again.',
      denied:
        'Your browser blocks notifications from this page. Press the icon next to the address, allow notifications, then turn them on here.',
      none: 'This browser can’t show notifications from this address. The numbers in the title and in the navigation still say what is new.',
    },
  },
} as const;
