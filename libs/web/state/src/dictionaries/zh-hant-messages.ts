import type { MessagesDictionary } from './dictionary';

export const zhHantMessages: MessagesDictionary = {
  reply: {
    to: '回覆',
    answering: '回覆 {{name}}',
    cancel: '不回覆了',
    gone: '被回覆的訊息已經不在了',
    hidden: '這是你不想聽的人說的',
    label: '回覆 {{name}}。{{label}}',
    someone: '一則訊息',
  },
  forward: {
    mark: '轉傳',
    title: '轉傳到',
    field: '一個人、聊天或房間',
    sent: '已轉傳到 {{name}}',
  },
  reactions: {
    title: '誰回應了',
    kinds: '哪一種回應',
    all: '全部',
    loading: '正在看是誰…',
    others: '另外 {{count}} 人',
  },
  edits: {
    title: '編輯紀錄',
    hint: '只有作者和管理員看得到。訊息刪除時，這些也會一併消失。',
    loading: '正在查詢…',
    now: '現在的樣子',
  },
  day: {
    title: '跳到某一天',
    jump: '跳到另一天',
    first: '最開始',
    choose: '或選一天',
    go: '前往',
  },
  link: {
    copied: '已複製連結',
  },
  suggest: {
    label: '你可能想說的',
  },
  permalink: {
    title: '無法顯示這則訊息',
    text: '它可能已被刪除、已過期，或在你進不去的地方。給你連結的人也許知道。',
    lobby: '前往大廳',
    loading: '正在尋找這則訊息',
  },
};
