import type { NoticesDictionary } from './dictionary';

export const zhHantNotices: NoticesDictionary = {
  presence: {
    online: '線上',
    idle: '暫時離開',
    offline: '離線',
    seen: {
      justNow: '幾分鐘前上線',
      minutes: '{{count}} 分鐘前上線',
      today: '今天 {{time}} 上線',
      yesterday: '昨天 {{time}} 上線',
      on: '上次上線：{{date}}',
    },
  },
  notices: {
    title: '通知',
    now: '通知：{{level}}',
    isQuiet: '已調低通知',
    isNamed: '有人提到你',
    levels: { all: '全部', mentions: '只限提及', none: '不通知' },
    hints: {
      all: '每則訊息都會計數，也會通知你。',
      mentions: '只有提到你的才會計數，其他的安靜等你來看。',
      none: '不計數，也不通知。',
    },
    muteFor: '靜音多久',
    spans: { hour: '1 小時', hours: '8 小時', week: '1 週', always: '直到我取消靜音' },
    mutedUntil: '靜音到 {{when}}。',
    mutedAlways: '靜音中，直到你取消靜音。',
    mutedHint: '提到你的訊息仍會計數。',
    unmute: '取消靜音',
    device: {
      title: '通知',
      text: '在這台裝置上，當 Cloudhop 不在眼前時通知你：私訊、群組、提及和邀請。每個聊天只有一則通知，讀過就消失。',
      show: '顯示通知',
      showHint: '瀏覽器會問你一次是否允許。',
      sample: '之後會像這樣通知你。',
      sound: '播放輕柔的提示音',
      soundHint: '有新訊息時播放提示音。',
      undecided: '瀏覽器還沒有允許，可以再試一次。',
      denied: '瀏覽器封鎖了這個網頁的通知。請點網址旁的圖示，允許通知，再回到這裡打開。',
      none: '這個瀏覽器無法顯示網頁通知，或在這個網址不行。標題和各個入口的數字仍會告訴你有什麼新的。',
    },
  },
};
