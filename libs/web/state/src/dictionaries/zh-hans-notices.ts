import type { NoticesDictionary } from './dictionary';

export const zhHansNotices: NoticesDictionary = {
  presence: {
    online: '在线',
    idle: '暂时离开',
    offline: '离线',
    seen: {
      justNow: '几分钟前在线',
      minutes: '{{count}} 分钟前在线',
      today: '今天 {{time}} 在线',
      yesterday: '昨天 {{time}} 在线',
      on: '上次在线：{{date}}',
    },
  },
  notices: {
    title: '通知',
    now: '通知：{{level}}',
    isQuiet: '已调低通知',
    isNamed: '有人提到你',
    levels: { all: '全部', mentions: '仅提及', none: '不通知' },
    hints: {
      all: '每条消息都会计数，也会通知你。',
      mentions: '只有提到你的才会计数，其他的安静等你来看。',
      none: '不计数，也不通知。',
    },
    muteFor: '免打扰多久',
    spans: { hour: '1 小时', hours: '8 小时', week: '1 周', always: '直到我重新打开' },
    mutedUntil: '免打扰到 {{when}}。',
    mutedAlways: '免打扰中，直到你重新打开。',
    mutedHint: '提到你的消息仍会计数。',
    unmute: '重新打开',
    device: {
      title: '通知',
      text: '在这台设备上，当 Cloudhop 不在眼前时通知你：私信、群聊、提及和邀请。每个聊天只有一条通知，读过就消失。',
      show: '显示通知',
      showHint: '浏览器会问你一次是否允许。',
      sample: '以后会像这样通知你。',
      sound: '播放轻柔的提示音',
      soundHint: '有新的东西开始等你时响一次。',
      undecided: '浏览器还没有允许，可以再试一次。',
      denied: '浏览器屏蔽了此网页的通知。请点网址旁的图标，允许通知，再回到这里打开。',
      none: '此浏览器无法显示网页通知，或在这个网址不行。标题和各个入口的数字仍会告诉你有什么新的。',
    },
  },
};
